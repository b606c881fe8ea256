import type { Clock } from './options'
import type { BrokerSnapshot } from './snapshot'
import { finalStates } from './snapshot'
import type { Visit } from './visit'

const keepAliveMs = 15_000

/**
 * The visit as `text/event-stream`: one `state` event per change, ended after a final one. The stream is
 * also the page's sign of life: when it breaks, the grace time of the visit begins.
 */
export function eventStream(visit: Visit, clock: Clock): Response {
  const encoder = new TextEncoder()
  let stop = () => {}
  const body = new ReadableStream<Uint8Array>({
    start(controller) {
      let cancelKeepAlive = () => {}
      const keepAlive = () => {
        cancelKeepAlive = clock.after(keepAliveMs, () => {
          controller.enqueue(encoder.encode(': alive\n\n'))
          keepAlive()
        })
      }
      let forget = () => {}
      let stopped = false
      stop = () => {
        if (stopped) return
        stopped = true
        cancelKeepAlive()
        forget()
      }
      keepAlive()
      forget = visit.listen((snapshot: BrokerSnapshot) => {
        if (stopped) return
        controller.enqueue(encoder.encode(`event: state\ndata: ${JSON.stringify(snapshot)}\n\n`))
        if (!finalStates.has(snapshot.state)) return
        // The listener is called from within listen() when the visit has ended before.
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
      'cache-control': 'no-store',
      'x-accel-buffering': 'no',
    },
  })
}
