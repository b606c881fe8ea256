import { createIvhClient, type IvhPlugin } from '@ivh-kit/core'
import { createEmulator, type EmulatorCall } from '@ivh-kit/emulator'
import { createFakeClock } from '@ivh-kit/kernel/testing'
import type { SessionBrokerOptions } from '../options'
import { createSessionBroker } from '../server/session-broker'
import type { BrokerSnapshot } from '../visit/snapshot'
import { Follower } from './follower'
import { until } from './until'

export interface SetUpOptions extends Partial<SessionBrokerOptions> {
  /** Milliseconds for which the service prepares a session. Default 0. */
  readonly prepareMs?: number
  readonly plugins?: readonly IvhPlugin[]
}

/** A broker, a client and the emulated service in this process, all on one fake clock. */
export async function setUpBroker({ prepareMs = 0, plugins = [], ...options }: SetUpOptions = {}) {
  const { clock, timers } = createFakeClock()
  const emulator = await createEmulator({ listen: false, prepareMs, clock })
  const log: string[] = []
  const write = (message: string) => log.push(message)
  const logger = { debug: () => {}, warn: write, error: write }
  const ivh = createIvhClient({ ...emulator.clientOptions, logger, plugins, random: () => 1 })
  const broker = createSessionBroker({
    open: ({ visitorId, signal, onProgress }) =>
      ivh.sessions.open({
        assetVirtualmanKey: 'presenter',
        userId: visitorId,
        protocol: 'webrtc',
        signal,
        onProgress,
      }),
    clock,
    logger,
    ...options,
  })

  const send = (path: string, init: RequestInit = {}) =>
    broker.handle(new Request(`http://shop.test/ivh${path}`, init))
  const open = async (init: RequestInit = {}) => {
    const response = await send('/sessions', { method: 'POST', ...init })
    if (response.status !== 201) throw new Error(`the open was refused: ${await response.text()}`)
    const { id, ticket } = (await response.json()) as { id: string; ticket: string }
    return visitOf(id, ticket)
  }
  const visitOf = (id: string, ticket: string) => {
    const headers = { authorization: `Bearer ${ticket}` }
    const state = async () =>
      (await (await send(`/sessions/${id}`, { headers })).json()) as BrokerSnapshot
    return {
      id,
      ticket,
      headers,
      state,
      /** Waits until the visit has this state. The fake clock stands still. */
      reaches: (expected: BrokerSnapshot['state']) =>
        until(async () => (await state()).state === expected),
      /** Reads the events. A silent page gives no signs of life, like a sleeping laptop. */
      follow: async ({ silent = false } = {}) => {
        const alive = () => send(`/sessions/${id}/alive`, { method: 'POST', headers })
        const stream = await send(`/sessions/${id}/events`, { headers })
        return new Follower(stream, () => void (silent || alive()))
      },
      close: () => send(`/sessions/${id}`, { method: 'DELETE', headers }),
    }
  }
  return {
    timers,
    emulator,
    ivh,
    broker,
    log,
    send,
    open,
    /** Number of sessions that cost money: preparing or ready. */
    openSessions: () =>
      emulator.sessions.filter(({ status }) => status === 1 || status === 3).length,
    /** Number of calls that the service received. */
    count: (name: EmulatorCall['name']) =>
      emulator.calls.filter((call) => call.name === name).length,
  }
}
