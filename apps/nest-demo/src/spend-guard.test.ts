import { createIvhClient } from '@ivh-kit/core'
import { createEmulator, defaultCredentials } from '@ivh-kit/emulator'
import { expect, it, vi } from 'vitest'
import { spendGuard } from './server/spend-guard.js'

const open = { assetVirtualmanKey: 'any', protocol: 'rtmp' } as const

async function guarded(limits: { maxSessions: number; maxDurationMs: number }, concurrency = 9) {
  const warnings: string[] = []
  const logger = { warn: (message: string) => void warnings.push(message) }
  const guard = spendGuard({ ...limits, logger })
  const emulator = await createEmulator({ prepareMs: 0, concurrency })
  const ivh = createIvhClient({ ...defaultCredentials, baseUrl: emulator.url, plugins: [guard] })
  return {
    emulator,
    guard,
    ivh,
    warnings,
    async [Symbol.asyncDispose]() {
      await ivh.close()
      await emulator.close()
    },
  }
}

it('refuses a session above the limit before anything is sent', async () => {
  await using app = await guarded({ maxSessions: 1, maxDurationMs: 60_000 })
  const { emulator, guard, ivh } = app
  const session = await ivh.sessions.open({ ...open, userId: 'u1' })
  expect(session.extension(guard)?.openSessions()).toBe(1)
  await expect(ivh.sessions.open({ ...open, userId: 'u2' })).rejects.toMatchObject({
    kind: 'plugin',
    plugin: 'spend-guard',
    message: 'Plugin "spend-guard" failed in onOpen: all 1 sessions are in use.',
  })
  expect(emulator.sessions).toHaveLength(1)

  await session.close()
  await ivh.sessions.open({ ...open, userId: 'u2' })
  expect(emulator.sessions).toHaveLength(2)
})

it('frees the place of a session that does not open', async () => {
  await using app = await guarded({ maxSessions: 2, maxDurationMs: 60_000 }, 1)
  const { guard, ivh } = app
  const session = await ivh.sessions.open({ ...open, userId: 'u1' })
  // The service itself refuses a second session.
  for (const userId of ['u2', 'u3', 'u4']) {
    await expect(ivh.sessions.open({ ...open, userId })).rejects.toMatchObject({ kind: 'api' })
  }
  expect(session.extension(guard)?.openSessions()).toBe(1)
})

it('counts a session only once while it waits for concurrency', async () => {
  await using app = await guarded({ maxSessions: 2, maxDurationMs: 60_000 }, 1)
  const { guard, ivh } = app
  const first = await ivh.sessions.open({ ...open, userId: 'u1' })
  const waiting = ivh.sessions.open({
    ...{ ...open, userId: 'u2', waitForQuota: { timeoutMs: 20_000 } },
    onProgress: ({ phase }) => {
      if (phase === 'queued') setTimeout(() => void first.close(), 10)
    },
  })
  const second = await waiting
  expect(second.extension(guard)?.openSessions()).toBe(1)
})

it('closes a session that lasts too long and logs a warning', async () => {
  await using app = await guarded({ maxSessions: 2, maxDurationMs: 100 })
  const { emulator, guard, ivh, warnings } = app
  const session = await ivh.sessions.open({ ...open, userId: 'u1' })
  await vi.waitFor(() => expect(session.state).toBe('closed'), { timeout: 20_000 })
  expect(emulator.sessions.map(({ status }) => status)).toEqual([2])
  expect(warnings).toEqual([`Session ${session.id} has lasted 100 ms and will be closed`])
  expect(session.extension(guard)?.openSessions()).toBe(0)
})

it('counts a resumed session', async () => {
  await using app = await guarded({ maxSessions: 1, maxDurationMs: 60_000 })
  const { emulator, ivh } = app
  const other = createIvhClient({ ...defaultCredentials, baseUrl: emulator.url })
  const { id } = await other.sessions.open({ ...open, userId: 'u1' })
  await ivh.sessions.resume(id)
  await expect(ivh.sessions.open({ ...open, userId: 'u2' })).rejects.toThrow(/all 1 sessions/)
})
