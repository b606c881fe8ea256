import type { Clock } from '@ivh-kit/kernel'
import { aliveIntervalMs } from './alive-interval'
import { type BrokerSnapshot, finalStates } from './snapshot'
import type { Visit } from './visit'

/**
 * Streams a visit as `text/event-stream`: one `state` event for each change, until a final state, and an
 * `alive` event at each interval, which the page answers with a sign of life. While the stream is open
 * the page counts as present; when it breaks, the grace time of the visit begins.
 */
export function eventStream(visit: Visit, clock: Clock): Response {
  const encoder = new TextEncoder()
  let stop = () => {}
  const body = new ReadableStream<Uint8Array>({
    start(controller) {
      let cancelKeepAlive = () => {}
      const keepAlive = () => {
        cancelKeepAlive = clock.after(aliveIntervalMs, () => {
          controller.enqueue(encoder.encode('event: alive\ndata:\n\n'))
          keepAlive()
        })
      }
      let stopListening = () => {}
      let stopped = false
      stop = () => {
        if (stopped) return
        stopped = true
        cancelKeepAlive()
        stopListening()
      }
      keepAlive()
      stopListening = visit.listen((snapshot: BrokerSnapshot) => {
        if (stopped) return
        controller.enqueue(encoder.encode(`event: state\ndata: ${JSON.stringify(snapshot)}\n\n`))
        if (!finalStates.has(snapshot.state)) return
        // `listen` calls its listener before it returns, so `stopListening` may not be set yet.
        queueMicrotask(() => {
          if (stopped) return
          stop()
          controller.close()
        })
      })
    },
    cancel() {
      stop()
    },
  })
  return new Response(body, {
    headers: {
      'content-type': 'text/event-stream; charset=utf-8',
      // `no-transform` keeps compressing middleware and proxies from holding events back.
      'cache-control': 'no-store, no-transform',
      'x-accel-buffering': 'no',
    },
  })
}
