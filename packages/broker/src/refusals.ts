/** Answers hold states, tickets and signed addresses: no cache may keep them. */
export const noStore = { 'cache-control': 'no-store' } as const

/** An answer that says no, in the form that the client shows: `{ problem: { reason, message } }`. */
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
  return refuse(404, 'not-found', 'There is no such session, or the ticket is not for it.')
}

export function notAllowed(allow: string): Response {
  return refuse(405, 'method-not-allowed', `Use ${allow}.`, { allow })
}
