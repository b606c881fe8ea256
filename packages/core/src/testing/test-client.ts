import { createIvhClient, type IvhClient } from '../client/create-client'
import type { IvhClientOptions } from '../client/options'
import {
  createMemoryLogger,
  createScriptedTransport,
  type ScriptedTransport,
  type ScriptOptions,
} from './scripted-transport'
import { createVirtualClock, type VirtualClock } from './virtual-clock'

export interface TestClient {
  readonly ivh: IvhClient
  readonly clock: VirtualClock
  readonly transport: ScriptedTransport
  /** What was logged. */
  readonly lines: readonly string[]
}

/**
 * A client on virtual time that talks to a service in memory. Answers take 1 ms unless told otherwise.
 * Calls are not repeated unless a test asks for it, and waits are the longest that chance allows.
 */
export async function createTestClient(
  script: ScriptOptions = {},
  options: IvhClientOptions = {},
): Promise<TestClient> {
  const clock = createVirtualClock()
  const transport = createScriptedTransport({ clock, latencyMs: () => 1, ...script })
  const logger = createMemoryLogger()
  let ids = 0
  const ivh = createIvhClient({
    appKey: 'example_appkey',
    accessToken: 'example_accesstoken',
    clock,
    transport,
    logger,
    maxRetries: 0,
    random: () => 1,
    createId: () => (++ids).toString(16).padStart(32, '0'),
    ...options,
  })
  // Before the clock is moved: loading takes real time, which virtual time does not wait for.
  await ivh.preload()
  return { ivh, clock, transport, lines: logger.lines }
}

/** The options of an open that every test can start from. */
export const anyOpen = { assetVirtualmanKey: 'a1', userId: 'u1', protocol: 'rtmp' } as const

/** What a promise rejected with; throws when it did not reject. */
export async function rejection(promise: Promise<unknown>): Promise<unknown> {
  try {
    await promise
  } catch (error) {
    return error
  }
  throw new Error('it did not reject')
}
