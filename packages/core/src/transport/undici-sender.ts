/// <reference path="./undici-agent.d.ts" />
import type { Agent, Dispatcher } from 'undici'
import { AnswerHandler } from './answer-handler'
import type { Sender } from './sender'

/**
 * Sends with undici, and keep-alive. undici is loaded with the first request, so importing the package
 * stays cheap. A dispatcher that was passed in (a proxy, a mock, a pool with other limits) is used as it
 * is and never closed here.
 */
export function createUndiciSender(given?: Dispatcher): Sender {
  let ready = given
  let opening: Promise<Dispatcher> | undefined
  const open = () => {
    if (opening) return opening
    const own: Promise<Dispatcher> = openAgent().then((agent) => {
      // Closed while it was loaded: the next request opens another.
      if (opening === own) ready = agent
      return agent
    })
    opening = own
    return own
  }
  return {
    send(request, receiver) {
      const handler = new AnswerHandler(receiver)
      if (ready) handler.dispatch(ready, request)
      else {
        open().then(
          (dispatcher) => handler.dispatch(dispatcher, request),
          (cause: unknown) => receiver.failed(cause),
        )
      }
      return handler
    },
    async preload() {
      if (!given) await loadAgent()
    },
    async close() {
      const own = opening
      opening = undefined
      ready = given
      await (await own)?.close()
    },
  }
}

async function openAgent(): Promise<Dispatcher> {
  const Agent = await loadAgent()
  // The call's own time-out covers headers and body; undici's limits would cut longer ones short.
  return new Agent({ headersTimeout: 0, bodyTimeout: 0 })
}

/**
 * The agent alone: all of undici, with its fetch, caches and WebSocket, takes three times as long to load,
 * and the first answer of a short-lived process waits for it.
 */
export async function loadAgent(): Promise<typeof Agent> {
  try {
    return (await import('undici/lib/dispatcher/agent.js')).default
  } catch {
    // The file is where it is by habit, not by promise.
    return (await import('undici')).Agent
  }
}
