import { expect, it } from 'vitest'
import { openTestSession } from '../../testing/open-test-session'
import { speaker } from '../../testing/scripted-sockets'
import type { VirtualClock } from '../../testing/virtual-clock'
import { createVirtualClock } from '../../testing/virtual-clock'

const wait = (clock: VirtualClock, ms: number) =>
  new Promise<void>((resolve) => {
    clock.after(ms, resolve)
  })

/** Opens a session that speaks every stream for `spokenMs`, with a model that pauses once. */
async function pausing(
  { pauseMs = 5_000, spokenMs = 1_000 }: { pauseMs?: number; spokenMs?: number },
  open: { streamMaxIntervalMs?: number } = {},
) {
  const clock = createVirtualClock()
  const kit = await openTestSession({ clock, open, obey: speaker(clock, spokenMs) })
  async function* model() {
    yield 'Let me'
    await wait(clock, 300)
    yield ' look.'
    await wait(clock, pauseMs)
    yield ' Here'
    yield ' it is.'
  }
  const sent = () =>
    kit.service.commands.map(({ ReqId, Data }) => [
      kit.service.commands.findIndex((first) => first.ReqId === ReqId),
      Data.Seq,
      Data.Text,
      Data.IsFinal,
    ])
  return { ...kit, sent, model: model() }
}

const whole = [
  [0, 1, 'Let me', false],
  [0, 2, ' look.', false],
  [0, 3, '', true],
  [3, 1, ' Here', false],
  [3, 2, ' it is.', false],
  [3, 3, '', true],
]

it('continues with another ReqId before the service ends the first', async () => {
  const { session, clock, service, sent, model } = await pausing({})
  const handle = session.say(model, { mode: 'fragment' })
  await clock.advance(10_000)
  expect(await handle.finished).toEqual({ interrupted: false })
  expect(sent()).toEqual(whole)
  const [, last, final] = service.commands
  expect((final?.at ?? 0) - (last?.at ?? 0)).toBe(1_600)
})

it('does not interrupt the text before the pause', async () => {
  const { session, clock, service, sent, model } = await pausing({ spokenMs: 20_000 })
  const handle = session.say(model, { mode: 'fragment' })
  const next = session.say('Next')
  await clock.advance(21_000)
  expect(sent()).toEqual(whole.slice(0, 3))
  await clock.advance(60_000)
  expect(await handle.finished).toEqual({ interrupted: false })
  expect(await next.finished).toEqual({ interrupted: false })
  expect(sent()).toEqual([...whole, [6, undefined, 'Next', undefined]])
  expect((service.commands[3]?.at ?? 0) - (service.commands[2]?.at ?? 0)).toBe(20_000)
})

it('uses one ReqId while the pause is within streamMaxIntervalMs', async () => {
  const options = { streamMaxIntervalMs: 6_000 }
  const { session, clock, service, model } = await pausing({ pauseMs: 5_000 }, options)
  session.say(model, { mode: 'fragment' })
  await clock.advance(10_000)
  expect(service.commands.map(({ Data }) => Data.Seq)).toEqual([1, 2, 3, 4, 5])
  expect(new Set(service.commands.map(({ ReqId }) => ReqId)).size).toBe(1)
})

it('can be interrupted during a pause, while the service is silent', async () => {
  const { session, clock, sent, model } = await pausing({ pauseMs: 60_000 })
  const handle = session.say(model, { mode: 'fragment' })
  await clock.advance(10_000)
  const done = handle.interrupt()
  await clock.advance(1)
  expect(await done).toEqual({ interrupted: true })
  expect(sent()).toEqual(whole.slice(0, 3))
})

it('ends when the source ends during a pause', async () => {
  const { session, clock, service } = await pausing({})
  async function* model() {
    yield 'That is all.'
    await wait(clock, 5_000)
  }
  const handle = session.say(model(), { mode: 'fragment' })
  await clock.advance(10_000)
  expect(await handle.finished).toEqual({ interrupted: false })
  expect(service.commands).toHaveLength(2)
})
