import type { Clock } from '@ivh-kit/kernel'
import { redactText } from '@ivh-kit/kernel'
import type { ObservedRequest, RequestObserver, RequestOutcome } from '../contracts/observation'
import type { IvhPlugin } from '../contracts/plugin'
import { type AnyIvhError, IvhTransportError, isIvhError } from '../errors'
import { requestIdOf } from '../transport/response-facts'
import type { TransportResponse } from '../transport/transport'
import { requestEnd, requestRetry, requestStart } from './diagnostics'
import type { RunObserver } from './run-observer'

export type RequestWatchers = ReturnType<typeof createRequestWatchers>
/** Reports the events of one call. */
export type RequestWatch = ReturnType<RequestWatchers['begin']>

/** Reports calls to plugins with `onRequest` and to subscribers of `diagnostics_channel`. */
export function createRequestWatchers(parts: {
  readonly plugins: readonly IvhPlugin[]
  readonly runObserver: RunObserver
  readonly clock: Clock
}) {
  const { runObserver, clock } = parts
  const plugins = parts.plugins.filter(({ onRequest }) => onRequest)

  return {
    /** True when there is an observer. */
    get anyone() {
      return (
        plugins.length > 0 ||
        requestStart.hasSubscribers ||
        requestRetry.hasSubscribers ||
        requestEnd.hasSubscribers
      )
    },
    /** Reports the start of a call. `openId` names the `sessions.open` that sends it. */
    begin({ origin, path, reqId, sessionId, openId }: Omit<ObservedRequest, 'method'>) {
      const request: ObservedRequest = {
        method: 'POST',
        origin,
        path,
        // The caller may choose both ids, so they may hold a secret.
        reqId: reqId && redactText(reqId),
        sessionId: sessionId && redactText(sessionId),
        openId,
      }
      const startedAt = clock.now()
      if (requestStart.hasSubscribers) requestStart.publish({ request })
      const observers: { readonly name: string; readonly observer: RequestObserver }[] = []
      for (const plugin of plugins) {
        const { name } = plugin
        const observer = runObserver(name, 'onRequest', () => plugin.onRequest?.(request))
        if (observer) observers.push({ name, observer })
      }

      let attempts = 1
      let answer: TransportResponse | undefined
      const end = (error: AnyIvhError | undefined) => {
        const outcome: RequestOutcome = {
          durationMs: clock.now() - startedAt,
          attempts,
          status: answer?.status ?? statusOf(error),
          code: error ? codeOf(error) : 0,
          requestId: error ? error.requestId : answer && requestIdOf(answer),
          error,
        }
        if (requestEnd.hasSubscribers) requestEnd.publish({ request, outcome })
        for (const { name, observer } of observers) {
          runObserver(name, 'onEnd', () => observer.onEnd?.(outcome))
        }
      }
      return {
        answered(received: TransportResponse) {
          answer = received
        },
        repeated(error: AnyIvhError, attempt: number, delayMs: number) {
          attempts = attempt + 1
          answer = undefined
          const retry = { attempt, delayMs, error }
          if (requestRetry.hasSubscribers) requestRetry.publish({ request, retry })
          for (const { name, observer } of observers) {
            runObserver(name, 'onRetry', () => observer.onRetry?.(retry))
          }
        },
        succeeded: () => end(undefined),
        failed: (error: unknown) => end(asIvhError(error)),
      }
    },
  }
}

function asIvhError(error: unknown): AnyIvhError {
  return isIvhError(error) ? error : new IvhTransportError('The call failed', { cause: error })
}

function statusOf(error: AnyIvhError | undefined): number | undefined {
  return error?.kind === 'transport' || error?.kind === 'api' ? error.status : undefined
}

function codeOf(error: AnyIvhError): number | undefined {
  return error.kind === 'api' ? error.code : undefined
}
