import { type Clock, createIvhClient, type IvhPlugin } from '@ivh-kit/core'
import { createClock } from '@sinonjs/fake-timers'
import type { SessionBrokerOptions } from '../options'
import { createSessionBroker } from '../session-broker'
import type { BrokerSnapshot } from '../snapshot'
import { ScriptedCloud } from './scripted-cloud'

export const accessToken = 'access-token-value'

/** A broker over a real client, both on one virtual clock, with the service scripted. */
export function setUpBroker(
  options: Partial<SessionBrokerOptions> = {},
  plugins: readonly IvhPlugin[] = [],
) {
  const time = createClock(Date.UTC(2026, 0, 1))
  const clock: Clock = {
    now: () => time.now,
    after(delayMs, callback) {
      const timer = time.setTimeout(callback, delayMs)
      return () => time.clearTimeout(timer)
    },
  }
  const cloud = new ScriptedCloud()
  const log: string[] = []
  const write = (message: string) => log.push(message)
  const logger = { debug: () => {}, warn: write, error: write }
  const { transport } = cloud
  const ivh = createIvhClient({
    ...{ appKey: 'key', accessToken, transport, clock, logger, plugins },
    random: () => 1,
  })
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
    if (response.status !== 201) throw new Error(`not opened: ${await response.text()}`)
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
      /** Lets the broker work until the visit is in this state; the clock stands still. */
      reaches: (wanted: BrokerSnapshot['state']) =>
        until(async () => (await state()).state === wanted),
      follow: async () => new Follower(await send(`/sessions/${id}/events`, { headers })),
      close: () => send(`/sessions/${id}`, { method: 'DELETE', headers }),
    }
  }
  return { time, cloud, ivh, broker, log, send, open }
}

/** Lets everything that is not waiting for the clock go on until this holds. */
export async function until(holds: () => boolean | Promise<boolean>): Promise<void> {
  // By the wall clock only to give up: loading the client for the first time takes a while.
  const giveUpAt = Date.now() + 4_000
  while (Date.now() < giveUpAt) {
    if (await holds()) return
    await new Promise(setImmediate)
  }
  throw new Error('it did not come to that')
}

/** A page that reads the event stream. */
export class Follower {
  readonly response: Response
  readonly snapshots: BrokerSnapshot[] = []
  raw = ''
  ended = false
  readonly #reader: ReadableStreamDefaultReader<Uint8Array>

  constructor(response: Response) {
    if (!response.body) throw new Error('the answer has no body')
    this.response = response
    this.#reader = response.body.getReader()
    void this.#read()
  }

  get states(): string[] {
    return [...new Set(this.snapshots.map(({ state }) => state))]
  }

  get last(): BrokerSnapshot | undefined {
    return this.snapshots.at(-1)
  }

  /** The page goes away, or its network does. */
  async leave(): Promise<void> {
    await this.#reader.cancel()
  }

  async #read(): Promise<void> {
    const decoder = new TextDecoder()
    for (;;) {
      const { done, value } = await this.#reader.read()
      if (done) break
      const text = decoder.decode(value, { stream: true })
      this.raw += text
      const data = /^event: state\ndata: (.*)\n\n$/.exec(text)?.[1]
      if (data) this.snapshots.push(JSON.parse(data) as BrokerSnapshot)
    }
    this.ended = true
  }
}
