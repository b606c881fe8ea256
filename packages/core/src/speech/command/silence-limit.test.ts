import { expect, it } from 'vitest'
import { openSilentSession, openTestSession } from '../../testing/open-test-session'
import { rejection } from '../../testing/test-client'

const minute = 60_000

it('fails an utterance that has started when no event arrives for 15 minutes', async () => {
  const { clock, service, session } = await openSilentSession({ speakStatus: 'TextStart' })
  let failed = false
  const handle = session.say('Hello')
  const error = rejection(handle.finished)
  void error.then(() => {
    failed = true
  })
  await clock.advance(20_000)
  const { ReqId } = service.commands[0] ?? {}
  service.last.tell({ Type: 3, ReqId, SpeakStatus: 'TextStart', Seq: 0 })
  await clock.advance(14 * minute)
  expect(failed).toBe(false)
  await clock.advance(minute + 30_000)
  expect(await error).toMatchObject({
    kind: 'timeout',
    timeoutMs: 15 * minute,
    reqId: ReqId,
    sessionId: session.id,
    message: expect.stringContaining('No event of the utterance arrived for 900000 ms'),
    hint: expect.stringContaining('session.stat()'),
  })
})

it('counts the silence from the last event', async () => {
  const { clock, service, session } = await openSilentSession({ speakStatus: 'TextStart' })
  let failed = false
  session.say('Hello').finished.catch(() => {
    failed = true
  })
  await clock.advance(10)
  const { ReqId } = service.commands[0] ?? {}
  for (let event = 0; event < 3; event++) {
    service.last.tell({ Type: 3, ReqId, SpeakStatus: 'TextStart', Seq: 0 })
    await clock.advance(14 * minute)
  }
  expect(failed).toBe(false)
})

it('does not fail an utterance while the channel is not open', async () => {
  const network = { up: true }
  const { clock, service, session } = await openTestSession({
    obey: () => {},
    accepts: () => network.up,
  })
  const handle = session.say('Hello')
  let failed = false
  handle.finished.catch(() => {
    failed = true
  })
  await clock.advance(29_000)
  const { ReqId } = service.commands[0] ?? {}
  network.up = false
  service.last.drop()
  await clock.advance(10_000)
  expect(session.channelState).toBe('reconnecting')
  expect(failed).toBe(false)
  network.up = true
  await clock.advance(11_000)
  expect(session.channelState).toBe('open')
  service.last.tell({ Type: 3, ReqId, SpeakStatus: 'TextOver', Seq: 0 })
  expect(await handle.finished).toEqual({ interrupted: false })
})
