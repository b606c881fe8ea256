import { expect, it } from 'vitest'
import { openTestSession } from '../../testing/open-test-session'
import { rejection } from '../../testing/test-client'

it('gives each step to a loop over a handle, and ends the loop with the utterance', async () => {
  const { session, clock } = await openTestSession()
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

it('throws the error of finished in a loop, and lets a reader leave the loop', async () => {
  const { session, clock } = await openTestSession({
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

it('keeps at most 256 steps for a slow reader', async () => {
  const { session, clock } = await openTestSession({
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

it('gives each pending next() its own step, and ends every pending next() with the utterance', async () => {
  const { session, clock } = await openTestSession()
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
