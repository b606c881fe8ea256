import { EventSourceParserStream } from 'eventsource-parser/stream'
import { aliveIntervalMs } from '../visit/alive-interval'
import type { BrokerSnapshot } from '../visit/snapshot'
import { BrokerRefusal } from './broker-refusal'
import { pageTexts } from './page-texts'

/** A connection without an event for this long is dead. */
const longestSilenceMs = 2.5 * aliveIntervalMs

export interface EventListeners {
  readonly onSnapshot: (snapshot: BrokerSnapshot) => void
  /** The broker asks for a sign of life. */
  readonly onAlive: () => void
}

/**
 * Reads the broker's event stream until it ends, or until it has been silent for too long. It uses `fetch`,
 * because `EventSource` cannot send the ticket as a header, and a ticket in the URL would end up in logs.
 */
export async function readEvents(
  url: string,
  headers: Readonly<Record<string, string>>,
  signal: AbortSignal,
  { onSnapshot, onAlive }: EventListeners,
): Promise<void> {
  const connection = new AbortController()
  let timer: ReturnType<typeof setTimeout> | undefined
  const disconnect = () => {
    clearTimeout(timer)
    connection.abort()
  }
  signal.addEventListener('abort', disconnect)
  const heard = () => {
    clearTimeout(timer)
    timer = setTimeout(disconnect, longestSilenceMs)
  }
  heard()
  try {
    const response = await fetch(url, { headers, signal: connection.signal, cache: 'no-store' })
    if (!response.ok || !response.body) {
      throw new BrokerRefusal(response.status, pageTexts().status(response.status))
    }
    const events = response.body
      .pipeThrough(new TextDecoderStream())
      .pipeThrough(new EventSourceParserStream())
      .getReader()
    for (;;) {
      const { done, value } = await events.read()
      if (done) return
      heard()
      if (value.event === 'alive') onAlive()
      if (value.event === 'state') onSnapshot(JSON.parse(value.data) as BrokerSnapshot)
    }
  } finally {
    clearTimeout(timer)
    signal.removeEventListener('abort', disconnect)
  }
}
