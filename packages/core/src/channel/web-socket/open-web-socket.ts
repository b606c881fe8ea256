import type { Clock } from '@ivh-kit/kernel'
import type { Agent, Dispatcher } from 'undici'
import { loadUndici } from '../../transport/load-undici'
import type { WebSocketFactory } from './web-socket-like'

/**
 * The channel's own WebSocket over an upgrade of undici; both are loaded with the first use. A dispatcher
 * (a proxy) is gone through.
 */
export function openingWebSockets(options: {
  readonly dispatcher: Dispatcher | undefined
  readonly clock: Clock
  readonly maxMessageBytes: number
}): WebSocketFactory {
  return async (url) => {
    const [{ WebSocketClient }, dispatcher] = await Promise.all([
      import('./web-socket-client'),
      options.dispatcher ?? ownAgent(),
    ])
    return new WebSocketClient({ ...options, url, dispatcher })
  }
}

/** Holds no connection: a WebSocket takes its stream along. */
let agent: Agent | undefined

async function ownAgent(): Promise<Dispatcher> {
  const { Agent } = await loadUndici()
  agent ??= new Agent()
  return agent
}
