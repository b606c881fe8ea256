import { languageOf, type VisitorReason, visitorText } from '../visit/visitor-texts'

/** Forbids caches, because responses hold states, tickets and signed addresses. */
export const noStore = { 'cache-control': 'no-store' } as const

/** Response that refuses a request. The client shows its body: `{ problem: { reason, message } }`. */
export function refuse(
  status: number,
  reason: string,
  message: string,
  headers: Record<string, string> = {},
): Response {
  return Response.json(
    { problem: { reason, message } },
    { status, headers: { ...noStore, ...headers } },
  )
}

/** Refuses in the visitor's language. */
export function refuseVisitor(
  request: Request,
  status: number,
  reason: VisitorReason,
  headers: Record<string, string> = {},
): Response {
  return Response.json(
    { problem: { reason, ...visitorText(reason, languageOf(request)) } },
    { status, headers: { ...noStore, ...headers } },
  )
}

export function unknownRoute(basePath: string): Response {
  const message = `The broker has no such route. Its routes begin with ${basePath}/sessions.`
  return refuse(404, 'unknown-route', message)
}

export function notAllowed(allow: string): Response {
  return refuse(405, 'method-not-allowed', `Use ${allow}.`, { allow })
}
