import type { FaultEffect } from './fault-effect'

/** Responses whose body breaks off. Their status and headers look normal to a client. */
const truncated = new WeakSet<Response>()

/** Returns true when the connection must break within this response. */
export function isTruncated(response: Response): boolean {
  return truncated.has(response)
}

/** Applies the damage of a fault to a response. */
export function damage(answer: Response, body: string, fault: FaultEffect): Response {
  const { status, headers } = answer
  if (fault.truncate) {
    headers.set('content-length', String(new TextEncoder().encode(body).length))
    const response = new Response(cutShort(body), { status, headers })
    truncated.add(response)
    return response
  }
  if (fault.invalidJson) return new Response('{"Header":{"Code":0,,', { status, headers })
  if (fault.wrongShape) {
    return new Response('{"Header":{"Code":"0"},"Payload":"ok"}', { status, headers })
  }
  return answer
}

/** Sends half of the body, then breaks the connection. */
function cutShort(body: string): ReadableStream<Uint8Array> {
  const bytes = new TextEncoder().encode(body)
  let sent = false
  return new ReadableStream({
    pull(controller) {
      if (sent) controller.error(new Error('the answer was cut by a fault'))
      else controller.enqueue(bytes.subarray(0, bytes.length >> 1))
      sent = true
    },
  })
}
