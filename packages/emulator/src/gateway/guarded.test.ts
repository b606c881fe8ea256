import { expect, it } from 'vitest'
import { createClock } from '../clock'
import type { MediaHuman } from '../media-plane'
import { setUpAccount } from '../testing/account'

it('logs the error of a media plane in a timer, and the clock continues', async () => {
  const human: MediaHuman = {
    playUrl: undefined,
    ended: new Promise(() => {}),
    say() {
      throw new Error('the voice is broken')
    },
    play: () => undefined,
    hush() {},
    close: async () => {},
  }
  const clock = createClock({ running: false, startAt: Date.UTC(2026, 0, 1) })
  const { call, create, gateway } = setUpAccount({ clock, media: { open: async () => human } })
  const { SessionId } = (await create()).Payload
  await clock.advance(1_000)
  await call('startSession', { SessionId })
  await call('command', { SessionId, Command: 'SEND_TEXT', Data: { Text: 'Hello' } })
  await clock.advance(5_000)
  expect(gateway.events.map(({ text }) => text)).toContain(
    'a timer failed inside the emulator: Error: the voice is broken',
  )
  await clock.advance(600_000)
  expect(gateway.sessions).toMatchObject([{ status: 2, closeType: 2 }])
})
