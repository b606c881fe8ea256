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

export function notFound(): Response {
  return refuse(404, 'not-found', 'Unknown session, or the ticket is for another session.')
}

export function notAllowed(allow: string): Response {
  return refuse(405, 'method-not-allowed', `Use ${allow}.`, { allow })
}
