import { createIvhClient, type IvhClient } from '../client/create-client'
import type { IvhClientOptions } from '../options/client-options'
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
  /** The logged messages. */
  readonly lines: readonly string[]
}

/**
 * Creates a client on virtual time with a service in memory. Responses take 1 ms by default. Calls are not
 * retried by default, and random pauses have their maximum length.
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
  // Load the modules before the clock moves: loading takes real time.
  await ivh.preload()
  return { ivh, clock, transport, lines: logger.lines }
}

/** Options for an open that a test can extend. */
export const anyOpen = { assetVirtualmanKey: 'a1', userId: 'u1', protocol: 'rtmp' } as const

/** Returns the reason of a rejected promise. Throws when the promise resolves. */
export async function rejection(promise: Promise<unknown>): Promise<unknown> {
  try {
    await promise
  } catch (error) {
    return error
  }
  throw new Error('the promise did not reject')
}
