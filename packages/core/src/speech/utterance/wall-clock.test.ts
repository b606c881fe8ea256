import { expect, it } from 'vitest'
import { driven } from '../../testing/driven-session'

const hour = 3_600_000

it.each([-hour, hour])('texts stay 1.1 s apart when the clock is set by %i ms', async (byMs) => {
  const { session, clock, service } = await driven()
  const startedAt = clock.monotonic?.() ?? 0
  const times: number[] = []
  session.addEventListener('message', ({ detail: { message } }) => {
    if (message.speakStatus === 'TextStart') times.push((clock.monotonic?.() ?? 0) - startedAt)
  })
  session.say('One')
  await clock.advance(500)
  clock.set(byMs)
  session.say('Two', { interrupt: true })
  await clock.advance(2_000)
  expect(service.commands.map(({ Data }) => Data.Text)).toEqual(['One', 'Two'])
  const [one = 0, two = 0] = times
  expect(two - one).toBe(1_100)
})

it.each([-10_000, 10_000])('audio keeps its pace when it is set by %i ms', async (byMs) => {
  const { session, clock, service } = await driven()
  async function* audio() {
    yield new Uint8Array(5_120 * 30)
  }
  session.sendAudio(audio())
  await clock.advance(1_000)
  const before = service.commands.length
  clock.set(byMs)
  await clock.advance(1_200)
  expect(service.commands.length - before).toBe(10)
})

it('an utterance is neither given up early nor late when it is set', async () => {
  for (const byMs of [-hour, hour]) {
    const { session, clock } = await driven({ obey: () => {} })
    let failed = false
    session.say('x').finished.catch(() => {
      failed = true
    })
    await clock.advance(1_000)
    clock.set(byMs)
    await clock.advance(28_000)
    expect(failed).toBe(false)
    await clock.advance(2_000)
    expect(failed).toBe(true)
  }
})

it('a lost channel is opened again for a minute, and no longer, when it is set', async () => {
  for (const byMs of [-hour, hour]) {
    const { session, clock, service } = await driven({ accepts: (count) => count === 1 })
    await Promise.all([session.connect(), clock.advance(10_000)])
    service.last.drop()
    await clock.advance(10_000)
    clock.set(byMs)
    await clock.advance(10_000)
    expect(session.channelState).toBe('reconnecting')
    await clock.advance(60_000)
    expect(session.channelState).toBe('down')
  }
})
