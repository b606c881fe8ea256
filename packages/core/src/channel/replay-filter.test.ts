import { describe, expect, it } from 'vitest'
import type { DownlinkMessage } from '../protocol/downlink'
import { readDownlink } from '../protocol/downlink'
import { ReplayFilter } from './replay-filter'

function told(payload: Record<string, unknown>): DownlinkMessage {
  const message = readDownlink(JSON.stringify({ Header: { Code: 0 }, Payload: payload }))
  if (!message) throw new Error('unreadable')
  return message
}
const next = (ReqId: string, Seq = 1) => told({ Type: 3, ReqId, SpeakStatus: 'SentenceNext', Seq })

/** Returns the filter's answer for each message; `undefined` stands for a reconnect. */
function judged(messages: readonly (DownlinkMessage | undefined)[]): boolean[] {
  const filter = new ReplayFilter()
  return messages.flatMap((message) => {
    if (message) return [filter.isRepetition(message)]
    filter.reconnected()
    return []
  })
}

describe('the replay filter', () => {
  it('finds no repetition on the first connection', () => {
    expect(judged([next('a'), next('a'), next('a')])).toEqual([false, false, false])
  })

  it('recognises as many repetitions as events arrived before, and treats further events as new', () => {
    expect(judged([next('a'), next('a'), undefined, next('a'), next('a'), next('a')])).toEqual([
      ...[false, false],
      ...[true, true, false],
    ])
  })

  it('remembers all earlier connections, even when a later connection repeated fewer events', () => {
    const twice = [next('a'), next('a')]
    expect(judged([...twice, undefined, next('a'), undefined, ...twice]).slice(3)).toEqual([
      true,
      true,
    ])
  })

  it('compares the command, the sentence, the state and the text', () => {
    const first = told({ Type: 3, ReqId: 'a', SpeakStatus: 'TextStart', Seq: 0 })
    const others = [
      told({ Type: 3, ReqId: 'b', SpeakStatus: 'TextStart', Seq: 0 }),
      told({ Type: 3, ReqId: 'a', SpeakStatus: 'TextOver', Seq: 0 }),
      told({ Type: 3, ReqId: 'a', SpeakStatus: 'TextStart', Seq: 1 }),
      told({ Type: 2, ReqId: 'a', Text: 'x', Seq: 0 }),
    ]
    expect(judged([first, undefined, ...others, first])).toEqual([
      false,
      ...others.map(() => false),
      true,
    ])
  })

  it('remembers more commands than the three that the service repeats', () => {
    const drives = ['a', 'b', 'c', 'd'].map((reqId) => next(reqId))
    expect(judged([...drives, undefined, ...drives]).slice(4)).toEqual([true, true, true, true])
  })
})
