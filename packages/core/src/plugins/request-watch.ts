import type { Clock } from '@ivh-kit/kernel'
import { redactText } from '@ivh-kit/kernel'
import { type AnyIvhError, IvhTransportError, isIvhError } from '../errors'
import { requestIdOf } from '../transport/request-id'
import type { TransportResponse } from '../transport/transport'
import { requestEnd, requestRetry, requestStart } from './diagnostics'
import type { ObservedRequest, RequestObserver, RequestOutcome } from './observed-request'
import type { IvhPlugin } from './plugin'
import type { RunObserver } from './run-observer'

/** Where one call is told about, from its beginning to its end. */
export interface RequestWatch {
  answered(answer: TransportResponse): void
  repeated(failure: AnyIvhError, attempt: number, delayMs: number): void
  succeeded(): void
  failed(error: unknown): void
}

/** Those who look on at calls: plugins with `onRequest`, and whoever subscribed to the channels. */
export interface RequestWatchers {
  /** While it is false a call costs nothing more. */
  readonly anyone: boolean
  begin(call: {
    readonly origin: string
    readonly path: string
    readonly reqId?: string | undefined
    readonly sessionId?: string | undefined
    /** The `sessions.open` that sends the call. */
    readonly openId?: string | undefined
  }): RequestWatch
}

export function createRequestWatchers(parts: {
  readonly plugins: readonly IvhPlugin[]
  readonly runObserver: RunObserver
  readonly clock: Clock
}): RequestWatchers {
  const { runObserver, clock } = parts
  const plugins = parts.plugins.filter(({ onRequest }) => onRequest)

  return {
    get anyone() {
      return (
        plugins.length > 0 ||
        requestStart.hasSubscribers ||
        requestRetry.hasSubscribers ||
        requestEnd.hasSubscribers
      )
    },
    begin({ origin, path, reqId, sessionId, openId }) {
      const request: ObservedRequest = {
        method: 'POST',
        origin,
        path,
        // The caller may give both, and may have put anything into them.
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
        answered(received) {
          answer = received
        },
        repeated(error, attempt, delayMs) {
          attempts = attempt + 1
          answer = undefined
          const retry = { attempt, delayMs, error }
          if (requestRetry.hasSubscribers) requestRetry.publish({ request, retry })
          for (const { name, observer } of observers) {
            runObserver(name, 'onRetry', () => observer.onRetry?.(retry))
          }
        },
        succeeded: () => end(undefined),
        failed: (error) => end(asIvhError(error)),
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
