import type { FaultEffect } from './fault'

/** Marks an answer whose connection must break within the body. */
export const truncatedMark = { name: 'x-ivh-emulator', value: 'truncated' } as const

/** What becomes of an answer under way. */
export function damage(answer: Response, body: string, fault: FaultEffect): Response {
  const { status, headers } = answer
  if (fault.truncate) {
    const length = String(new TextEncoder().encode(body).length)
    headers.set('content-length', length)
    headers.set(truncatedMark.name, truncatedMark.value)
    return new Response(cutShort(body), { status, headers })
  }
  if (fault.invalidJson) return new Response('{"Header":{"Code":0,,', { status, headers })
  if (fault.wrongShape) {
    return new Response('{"Header":{"Code":"0"},"Payload":"ok"}', { status, headers })
  }
  return answer
}

/** Half of the body, then the connection breaks. */
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
