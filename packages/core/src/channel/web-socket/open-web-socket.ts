import type { Dispatcher } from 'undici'
import type { Clock } from '../../clock'
import { loadAgent } from '../../transport/undici-transport'
import { WebSocketClient } from './web-socket-client'
import type { WebSocketFactory } from './web-socket-like'

/**
 * The channel's own WebSocket over an upgrade of undici, which is loaded with the first use; a dispatcher
 * (a proxy) is gone through.
 */
export function openingWebSockets(options: {
  readonly dispatcher: Dispatcher | undefined
  readonly clock: Clock
  readonly maxMessageBytes?: number | undefined
}): WebSocketFactory {
  return async (url) =>
    new WebSocketClient({ ...options, url, dispatcher: options.dispatcher ?? (await ownAgent()) })
}

/** Holds no connection: a WebSocket takes its stream along. */
let agent: Dispatcher | undefined

async function ownAgent(): Promise<Dispatcher> {
  const Agent = await loadAgent()
  agent ??= new Agent()
  return agent
}
