import { expect, it } from 'vitest'
import { openTestSession } from '../../testing/open-test-session'

const hour = 3_600_000

it.each([-hour, hour])(
  'keeps texts 1.1 s apart when the wall clock is set by %i ms',
  async (byMs) => {
    const { session, clock, service } = await openTestSession()
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
  },
)

it.each([-10_000, 10_000])(
  'keeps the pace of audio when the wall clock is set by %i ms',
  async (byMs) => {
    const { session, clock, service } = await openTestSession()
    async function* audio() {
      yield new Uint8Array(5_120 * 30)
    }
    session.sendAudio(audio())
    await clock.advance(1_000)
    const before = service.commands.length
    clock.set(byMs)
    await clock.advance(1_200)
    expect(service.commands.length - before).toBe(10)
  },
)

it('fails an utterance without an event after 30 s, even when the wall clock is set', async () => {
  for (const byMs of [-hour, hour]) {
    const { session, clock } = await openTestSession({ obey: () => {} })
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

it('tries to reconnect for a minute, even when the wall clock is set', async () => {
  for (const byMs of [-hour, hour]) {
    const { session, clock, service } = await openTestSession({ accepts: (count) => count === 1 })
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
