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

/** One request as the script sees it. */
export interface ScriptedCall {
  /** The last step of the path, for example `statsession`. */
  readonly endpoint: string
  readonly payload: Record<string, unknown>
  readonly request: TransportRequest
  /** Fires when nobody waits for the answer any more. */
  readonly signal: AbortSignal
  /** How many calls this endpoint has had, this one included. */
  readonly count: number
}

/** What the script answers: a payload, a code, a raw answer, or no answer at all. */
export type ScriptedAnswer =
  | { readonly payload: unknown }
  | { readonly code: number; readonly message?: string }
  | { readonly raw: TransportResponse }
  | { readonly fail: unknown }
  /** The service acts on the request as always, but its answer does not arrive. */
  | { readonly lost: unknown }

type Script = (call: ScriptedCall) => ScriptedAnswer | undefined

export interface ScriptOptions {
  /** Overrides the plain service; what answers undefined is left to it. */
  readonly script?: Partial<Record<EndpointPath, Script>>
  /** How long an answer takes, on this clock. Without it answers come at once. */
  readonly clock?: Clock
  readonly latencyMs?: (endpoint: string) => number
  /** How many statsession calls answer "preparing" first. Default 0: ready at the first look. */
  readonly preparingPolls?: number
}

export interface ScriptedTransport extends Transport {
  readonly calls: readonly ScriptedCall[]
  /** Sessions created and not closed. */
  readonly live: ReadonlySet<string>
  readonly created: number
  endpoints(): string[]
}

/**
 * The service in memory. Like the real one it acts on a request as soon as it has come in: a caller
 * that gives up later changes nothing about that.
 */
export function createScriptedTransport(options: ScriptOptions = {}): ScriptedTransport {
  const { script = {}, clock, latencyMs = () => 0, preparingPolls = 0 } = options
  const calls: ScriptedCall[] = []
  const live = new Set<string>()
  const userIds = new Map<string, unknown>()
  const counts = new Map<string, number>()
  let created = 0
  let polls = 0

  const serve = ({ endpoint, payload }: ScriptedCall): ScriptedAnswer => {
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
      const answer = scripted ?? serve(call)
      await delivered(signal, clock, latencyMs(endpoint))
      return toResponse(answer)
    },
    async close() {},
  }
}

/** Resolves when the answer is there, rejects when the caller gives up first. */
function delivered(
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

function toResponse(answer: ScriptedAnswer): TransportResponse {
  if ('fail' in answer) throw answer.fail
  if ('lost' in answer) throw answer.lost
  if ('raw' in answer) return answer.raw
  const ok = 'payload' in answer
  const Header = {
    Code: ok ? 0 : answer.code,
    Message: ok ? '' : (answer.message ?? `Scripted:code ${answer.code}`),
    RequestID: 'gz01',
    SessionID: 'gz02',
    DialogID: '',
  }
  return { status: 200, body: JSON.stringify({ Header, Payload: ok ? answer.payload : {} }) }
}

/** A logger that keeps what it is told. */
export function createMemoryLogger() {
  const lines: string[] = []
  const keep = (message: string) => void lines.push(message)
  return { lines, debug: keep, warn: keep, error: keep }
}
