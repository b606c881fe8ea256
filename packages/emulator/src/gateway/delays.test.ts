import { expect, it } from 'vitest'
import { ConnectionDropped } from '../faults/connection-dropped'
import { setUpAccount } from '../testing/account'
import { channelUrl } from '../testing/channel'

type Account = ReturnType<typeof setUpAccount>

it.each<[string, (gateway: Account['gateway']) => Promise<void>]>([
  ['reset', (gateway) => gateway.reset()],
  ['restart', (gateway) => gateway.restart({ keepSessions: true })],
  ['close', (gateway) => gateway.close()],
])('a delayed call has no effect after a %s drops it', async (_how, act) => {
  const { gateway, create, time } = setUpAccount()
  gateway.faults.plan([{ delayMs: 30_000 }])
  const dropped = expect(create()).rejects.toThrow(ConnectionDropped)
  await time.tickAsync(1_000)
  const waiting = time.countTimers()
  expect(waiting).toBe(1)
  await act(gateway)
  await dropped
  expect(time.countTimers()).toBe(0)
  await time.tickAsync(60_000)
  expect(gateway.sessions).toEqual([])
})

it('a reset drops a channel whose opening is delayed', async () => {
  const { gateway, open, time } = setUpAccount()
  const url = channelUrl(time.now, await open())
  const admission = gateway.admitChannel(url, '{"delayMs":30000}')
  await gateway.reset()
  expect(await admission).toEqual({ kind: 'dropped' })
})
