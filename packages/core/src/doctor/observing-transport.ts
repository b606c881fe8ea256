import type { Clock, Transport, TransportResponse } from '@ivh-kit/core'

/** Facts about the first response. */
export interface Observation {
  readonly answered: boolean
  readonly status: number | undefined
  /** Milliseconds by which the local clock is ahead of the gateway's. */
  readonly aheadMs: number | undefined
}

/** Wraps a transport and keeps the facts of its first response. */
export function observingTransport(
  inner: Transport,
  clock: Clock,
): Transport & { readonly seen: Observation } {
  let seen: Observation | undefined
  return {
    get seen() {
      return seen ?? { answered: false, status: undefined, aheadMs: undefined }
    },
    async send(request, sendOptions) {
      const sentAt = clock.now()
      const answer = await inner.send(request, sendOptions)
      const middle = (sentAt + clock.now()) / 2
      seen ??= { answered: true, status: answer.status, aheadMs: ahead(answer, middle) }
      return answer
    },
    close: () => inner.close(),
  }
}

function ahead({ headers }: TransportResponse, localMs: number): number | undefined {
  const date = headers?.date
  const server = typeof date === 'string' ? Date.parse(date) : Number.NaN
  return Number.isNaN(server) ? undefined : localMs - server
}
