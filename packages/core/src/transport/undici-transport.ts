/// <reference path="./undici-agent.d.ts" />
import type { Agent, Dispatcher } from 'undici'
import { AnswerHandler } from './answer-handler'
import type { Cancellation, Transport, TransportRequest, TransportResponse } from './transport'

/**
 * The transport of Node: undici with keep-alive. undici is loaded with the first call, so importing
 * the package stays cheap. A dispatcher that was passed in (a proxy, a mock, a pool with other
 * limits) is used as it is and never closed here.
 */
export function createUndiciTransport(given?: Dispatcher): Transport {
  let ready = given
  let opening: Promise<Dispatcher> | undefined
  const open = () => {
    opening ??= openAgent().then((agent) => {
      ready = agent
      return agent
    })
    return opening
  }
  return {
    send(request, cancellation) {
      if (ready) return dispatch(ready, request, cancellation)
      return open().then((dispatcher) => dispatch(dispatcher, request, cancellation))
    },
    async close() {
      const own = opening
      opening = undefined
      ready = given
      await (await own)?.close()
    },
  }
}

function dispatch(
  dispatcher: Dispatcher,
  { origin, path, headers, body }: TransportRequest,
  cancellation: Cancellation,
): Promise<TransportResponse> {
  return new Promise((resolve, reject) => {
    const handler = new AnswerHandler(resolve, reject)
    cancellation.onCancel(handler.cancel)
    dispatcher.dispatch({ origin, path, method: 'POST', headers, body }, handler)
  })
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
