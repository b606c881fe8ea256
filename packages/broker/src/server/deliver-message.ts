import { isResponse } from '../http/is-response'
import { noStore, refuseVisitor, unknownRoute } from '../http/refusals'
import type { ResolvedBrokerOptions } from '../options'
import type { Visit } from '../visit/visit'

/** Number of calls of `onMessage` that may run at once for one visit. */
const maxRunning = 8
const running = new WeakMap<Visit, number>()

/** Calls `onMessage` with a message of the visit's page, and turns its result into the response. */
export async function deliverMessage(
  { basePath, logger, onMessage }: ResolvedBrokerOptions,
  request: Request,
  body: Readonly<Record<string, unknown>>,
  visit: Visit,
): Promise<Response> {
  if (!onMessage) return unknownRoute(basePath)
  const { session, visitorId } = visit
  if (!session) return refuseVisitor(request, 409, 'not-ready')
  const count = running.get(visit) ?? 0
  if (count >= maxRunning) {
    return refuseVisitor(request, 429, 'too-many-messages', { 'retry-after': '1' })
  }
  running.set(visit, count + 1)
  try {
    const result = await onMessage({ request, body, visitorId, session })
    if (!isResponse(result)) return new Response(null, { status: 204, headers: noStore })
    if (!result.bodyUsed) return result
    logger.error('onMessage returned a Response that was sent before. Create a new one each time.')
    return refuseVisitor(request, 500, 'internal')
  } finally {
    running.set(visit, (running.get(visit) ?? 1) - 1)
  }
}
