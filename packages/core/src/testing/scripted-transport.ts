import type { Clock } from '@ivh-kit/kernel'
import type { Transport, TransportRequest, TransportResponse } from '../transport/transport'

type EndpointPath =
  | 'createsession'
  | 'createsessionbyasset'
  | 'statsession'
  | 'startsession'
  | 'closesession'
  | 'listsessionofuin'
  | 'gettrtcsign'
  | 'pausesession'
  | 'command'

/** A request as the script receives it. */
export interface ScriptedCall {
  /** The last segment of the path, for example `statsession`. */
  readonly endpoint: string
  readonly payload: Record<string, unknown>
  readonly request: TransportRequest
  /** Fires when the caller no longer waits for the response. */
  readonly signal: AbortSignal
  /** The number of calls to this endpoint, including this one. */
  readonly count: number
}

/** The scripted outcome: a payload, a code, a raw response, or no response. */
export type ScriptedResponse =
  | { readonly payload: unknown }
  | { readonly code: number; readonly message?: string }
  | { readonly raw: TransportResponse }
  | { readonly fail: unknown }
  /** A lost response: the service handles the request as usual, but its response does not arrive. */
  | { readonly lost: unknown }

type Script = (call: ScriptedCall) => ScriptedResponse | undefined

export interface ScriptOptions {
  /** Overrides the default service. `undefined` falls back to the default. */
  readonly script?: Partial<Record<EndpointPath, Script>>
  /** Delays responses on this clock. Without it responses arrive at once. */
  readonly clock?: Clock
  readonly latencyMs?: (endpoint: string) => number
  /**
   * The number of statsession calls that report "preparing" first. Default 0: ready at the first
   * poll.
   */
  readonly preparingPolls?: number
}

export interface ScriptedTransport extends Transport {
  readonly calls: readonly ScriptedCall[]
  /** The sessions that are created and not closed. */
  readonly live: ReadonlySet<string>
  readonly created: number
  endpoints(): string[]
}

/**
 * Creates the service in memory. Like the real service it handles a request on arrival, so a later abort by
 * the caller has no effect.
 */
export function createScriptedTransport(options: ScriptOptions = {}): ScriptedTransport {
  const { script = {}, clock, latencyMs = () => 0, preparingPolls = 0 } = options
  const calls: ScriptedCall[] = []
  const live = new Set<string>()
  const userIds = new Map<string, unknown>()
  const counts = new Map<string, number>()
  let created = 0
  let polls = 0

  const serve = ({ endpoint, payload }: ScriptedCall): ScriptedResponse => {
    const { ReqId, SessionId } = payload
    if (endpoint.startsWith('createsession')) {
      created += 1
      const id = typeof SessionId === 'string' ? SessionId : `m${created}`
      for (const [other, userId] of userIds) if (userId === payload.UserId) live.delete(other)
      live.add(id)
      userIds.set(id, payload.UserId)
      return { payload: { ReqId, SessionId: id, SessionStatus: 3 } }
    }
    if (endpoint === 'statsession') {
      polls += 1
      const ready = polls > preparingPolls
      const PlayStreamAddr = `rtmp://liveplay.ivh.qq.com/live/${String(SessionId)}`
      return {
        payload: ready
          ? {
              ReqId,
              SessionStatus: 1,
              IsSessionStarted: false,
              SpeakStatus: 'Initial',
              PlayStreamAddr,
            }
          : { ReqId, SessionStatus: 3, IsSessionStarted: false },
      }
    }
    if (endpoint === 'listsessionofuin') {
      const Sessions = [...live].map((id) => ({
        SessionId: id,
        UserId: userIds.get(id),
        SessionStatus: 3,
      }))
      return { payload: { ReqId, Sessions } }
    }
    if (endpoint === 'closesession' && !live.delete(String(SessionId))) return { code: 110013 }
    return { payload: { ReqId } }
  }

  const isScripted = (endpoint: string): endpoint is EndpointPath => Object.hasOwn(script, endpoint)

  return {
    calls,
    live,
    get created() {
      return created
    },
    endpoints: () => calls.map(({ endpoint }) => endpoint),
    async send(request, { signal }) {
      const endpoint = /([a-z]+)\?/.exec(request.path)?.[1] ?? ''
      const count = (counts.get(endpoint) ?? 0) + 1
      counts.set(endpoint, count)
      const { Payload } = JSON.parse(request.body) as { Payload: Record<string, unknown> }
      const call = { endpoint, payload: Payload, request, signal, count }
      calls.push(call)
      const scripted = isScripted(endpoint) ? script[endpoint]?.(call) : undefined
      if (scripted && 'lost' in scripted) serve(call)
      const response = scripted ?? serve(call)
      await untilDelivered(signal, clock, latencyMs(endpoint))
      return toResponse(response)
    },
    async close() {},
  }
}

/** Resolves when the response arrives. Rejects when the caller aborts first. */
function untilDelivered(
  signal: AbortSignal,
  clock: Clock | undefined,
  delayMs: number,
): Promise<void> | undefined {
  if (!clock) return undefined
  return new Promise((resolve, reject) => {
    const onAbort = () => {
      cancel()
      reject(new DOMException('This operation was aborted', 'AbortError'))
    }
    const cancel = clock.after(delayMs, () => {
      signal.removeEventListener('abort', onAbort)
      resolve()
    })
    signal.addEventListener('abort', onAbort, { once: true })
  })
}

function toResponse(response: ScriptedResponse): TransportResponse {
  if ('fail' in response) throw response.fail
  if ('lost' in response) throw response.lost
  if ('raw' in response) return response.raw
  const ok = 'payload' in response
  const Header = {
    Code: ok ? 0 : response.code,
    Message: ok ? '' : (response.message ?? `Scripted:code ${response.code}`),
    RequestID: 'gz01',
    SessionID: 'gz02',
    DialogID: '',
  }
  return { status: 200, body: JSON.stringify({ Header, Payload: ok ? response.payload : {} }) }
}

/** Creates a logger that stores its messages. */
export function createMemoryLogger() {
  const lines: string[] = []
  const keep = (message: string) => void lines.push(message)
  return { lines, debug: keep, warn: keep, error: keep }
}
