import type { IvhSession } from '../contracts/session'
import type { IvhClientOptions } from '../options/client-options'
import type { OpenByAssetOptions } from '../sessions/opening/open-options'

import {
  createScriptedSockets,
  type ScriptedSocket,
  type ScriptedSockets,
  type SentCommand,
  speaker,
} from './scripted-sockets'
import type { ScriptOptions } from './scripted-transport'
import { anyOpen, createTestClient, type TestClient } from './test-client'
import { createVirtualClock, type VirtualClock } from './virtual-clock'

export interface OpenedSession extends TestClient {
  readonly session: IvhSession
  readonly service: ScriptedSockets
}

/** Opens a session whose service speaks every text for 1 s. */
export async function openTestSession(
  options: {
    readonly clock?: VirtualClock
    readonly open?: Partial<OpenByAssetOptions>
    readonly client?: IvhClientOptions
    readonly script?: ScriptOptions
    readonly accepts?: (count: number) => boolean
    readonly obey?: (command: SentCommand, socket: ScriptedSocket) => void
    readonly pinged?: (socket: ScriptedSocket) => void
  } = {},
): Promise<OpenedSession> {
  const { clock = createVirtualClock() } = options
  const { accepts = () => true, obey = speaker(clock, 1_000), pinged } = options
  const service = createScriptedSockets(clock, { accepts, obey, pinged })
  const client = await createTestClient(
    { clock, ...options.script },
    { clock, webSocket: service.webSocket, ...options.client },
  )
  const opening = client.ivh.sessions.open({ ...anyOpen, driverType: 3, ...options.open })
  await clock.advance(1_000)
  return { ...client, clock, service, session: await opening }
}

/**
 * Opens a session whose service sends only the messages of the test. Its statsession returns the
 * current value of `statuses.speakStatus`.
 */
export async function openSilentSession(statuses: {
  readonly speakStatus: string
}): Promise<OpenedSession> {
  return openTestSession({
    obey: () => {},
    script: {
      script: {
        // Answer the first request as usual: it belongs to the open.
        statsession: ({ count }) =>
          count > 1
            ? {
                payload: {
                  SessionStatus: 1,
                  IsSessionStarted: true,
                  SpeakStatus: statuses.speakStatus,
                },
              }
            : undefined,
      },
    },
  })
}

/** Collects the names of a session's events, except heartbeats and messages. */
export function heard(session: IvhSession): string[] {
  const names: string[] = []
  for (const type of ['ready', 'speaking', 'idle', 'reconnecting', 'disconnected'] as const) {
    session.addEventListener(type, () => names.push(type))
  }
  session.addEventListener('closed', ({ detail }) => names.push(`closed: ${detail.reason}`))
  return names
}
