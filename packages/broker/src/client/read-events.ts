import { EventSourceParserStream } from 'eventsource-parser/stream'
import type { BrokerSnapshot } from '../visit/snapshot'
import { BrokerRefusal } from './broker-refusal'

/**
 * Reads the broker's event stream until it ends. It uses `fetch`, because `EventSource` cannot send the
 * ticket as a header, and a ticket in the URL would end up in logs.
 */
export async function readEvents(
  url: string,
  headers: Readonly<Record<string, string>>,
  signal: AbortSignal,
  onSnapshot: (snapshot: BrokerSnapshot) => void,
): Promise<void> {
  const response = await fetch(url, { headers, signal, cache: 'no-store' })
  if (!response.ok || !response.body) {
    throw new BrokerRefusal(response.status, `The server answered with status ${response.status}.`)
  }
  const events = response.body
    .pipeThrough(new TextDecoderStream())
    .pipeThrough(new EventSourceParserStream())
    .getReader()
  for (;;) {
    const { done, value } = await events.read()
    if (done) return
    if (value.event === 'state') onSnapshot(JSON.parse(value.data) as BrokerSnapshot)
  }
}
