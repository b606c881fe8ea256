import { describe, expect, it } from 'vitest'
import { createVirtualClock } from '../../testing/virtual-clock'
import { Confirmation } from './confirmation'
import { decideRecovery, type OnUncertain } from './recovery-verdict'

const packet = (seq: number, frame = 'frame') => ({ seq, frame, final: false, text: undefined })

/** Decides after a reconnect without a repeated event. `ms` is the time that the decision took. */
async function decide(
  confirmation: Confirmation,
  speakStatus: string | undefined,
  onUncertain: OnUncertain = 'report',
) {
  const clock = createVirtualClock()
  const startedAt = clock.now()
  confirmation.reconnected(startedAt)
  const context = { clock, speakStatus: async () => speakStatus }
  const { signal } = new AbortController()
  let ms = 0
  const deciding = decideRecovery(confirmation, onUncertain, context, signal).then((verdict) => {
    ms = clock.now() - startedAt
    return verdict
  })
  await clock.drain()
  return { verdict: await deciding, ms }
}

/** Returns a confirmation with two sent packets. An event has confirmed the first packet. */
function started(confirmedAll = false): Confirmation {
  const confirmation = new Confirmation('first')
  confirmation.sent(packet(1))
  if (!confirmedAll) confirmation.sent(packet(2))
  confirmation.receive('AudioStart', 0)
  return confirmation
}

function notStarted(frame?: string): Confirmation {
  const confirmation = new Confirmation('first')
  for (const seq of [1, 2]) confirmation.sent(packet(seq, frame))
  return confirmation
}

describe('without a repeated event, a command', () => {
  it('is over when every packet was confirmed and the service is silent', async () => {
    expect(await decide(started(true), 'AudioOver')).toEqual({ verdict: 'over', ms: 2_000 })
  })

  it('continues when every packet was confirmed and the service speaks', async () => {
    expect(await decide(started(true), 'AudioStart')).toEqual({ verdict: 'continue', ms: 2_000 })
  })

  it('is uncertain when a packet was not confirmed and the service is silent', async () => {
    expect(await decide(started(), 'AudioOver')).toEqual({ verdict: 'uncertain', ms: 2_000 })
  })

  it('is uncertain after two minutes when a packet was not confirmed and the service speaks', async () => {
    const { verdict, ms } = await decide(started(), 'AudioStart')
    expect(verdict).toBe('uncertain')
    expect(ms).toBeGreaterThanOrEqual(120_000)
  })

  it('is uncertain when it has not started and a dropped packet cannot be sent again', async () => {
    const tooLong = notStarted('x'.repeat(200_000))
    expect(await decide(tooLong, 'Initial')).toEqual({ verdict: 'uncertain', ms: 2_000 })
  })

  it.each(['Initial', 'Error'])(
    'is sent again when it has not started and SpeakStatus is %s',
    async (status) => {
      expect(await decide(notStarted(), status)).toEqual({ verdict: 'resend', ms: 2_000 })
    },
  )

  it('is sent again with onUncertain: resend although the service speaks', async () => {
    const { verdict } = await decide(notStarted(), 'AudioStart', 'resend')
    expect(verdict).toBe('resend')
  })

  it.each(['AudioStart', undefined])('is not sent again when SpeakStatus is %s', async (status) => {
    const { verdict, ms } = await decide(notStarted(), status)
    expect(verdict).toBe('uncertain')
    expect(ms).toBeGreaterThanOrEqual(120_000)
  })
})
