import { expect, it } from 'vitest'
import { driven } from '../../testing/driven-session'
import { rejection } from '../../testing/test-client'

it('a loop over a handle is given each step and ends with the utterance', async () => {
  const { session, clock } = await driven()
  const steps: (string | undefined)[] = []
  const handle = session.say('Hello')
  const reading = (async () => {
    for await (const { speakStatus } of handle) steps.push(speakStatus)
  })()
  await clock.advance(3_000)
  await reading
  expect(steps).toEqual(['TextStart', 'TextOver'])
  expect(await handle[Symbol.asyncIterator]().next()).toMatchObject({ done: true })
})

it('a loop throws what finished rejects with, and may be left', async () => {
  const { session, clock } = await driven({
    obey: ({ ReqId }, socket) => {
      socket.tell({ Type: 3, ReqId, SpeakStatus: 'TextStart', Seq: 0 })
      clock.after(100, () => socket.tell({ Type: 9, ReqId, ErrorCode: 110015 }))
    },
  })
  const handle = session.say('x')
  const failing = rejection(
    (async () => {
      for await (const step of handle) expect(step.speakStatus).toBe('TextStart')
    })(),
  )
  const left = (async () => {
    for await (const step of handle) return step.kind
    return 'none'
  })()
  await clock.advance(500)
  expect(await left).toBe('status')
  expect(await failing).toMatchObject({ code: 110015 })
})

it('a slow reader loses the oldest steps and nothing grows without end', async () => {
  const { session, clock } = await driven({
    obey: ({ ReqId }, socket) => {
      for (let Seq = 1; Seq <= 1_000; Seq++) {
        socket.tell({ Type: 2, ReqId, Seq, Text: `step ${Seq}` })
      }
      socket.tell({ Type: 3, ReqId, SpeakStatus: 'TextOver', Seq: 0 })
    },
  })
  const feed = session.say('x')[Symbol.asyncIterator]()
  await clock.advance(500)
  const seqs: number[] = []
  for (let step = await feed.next(); !step.done; step = await feed.next()) seqs.push(step.value.seq)
  expect(seqs).toHaveLength(256)
  expect(seqs[0]).toBe(746)
})

it('gives each of several next() its own step, and all of them the end', async () => {
  const { session, clock } = await driven()
  const feed = session.say('x')[Symbol.asyncIterator]()
  const asked = [feed.next(), feed.next(), feed.next(), feed.next()]
  await clock.advance(3_000)
  const steps = await Promise.all(asked)
  expect(steps.map(({ value }) => value?.speakStatus)).toEqual([
    'TextStart',
    'TextOver',
    undefined,
    undefined,
  ])
  expect(steps.map(({ done }) => done)).toEqual([false, false, true, true])
})
