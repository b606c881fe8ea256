import { ConnectionDropped } from '../faults/connection-dropped'
import { damage } from '../faults/damage'
import type { FaultEffect } from '../faults/fault-effect'
import type { FaultPlan } from '../faults/fault-plan'
import type { ResolvedGatewayOptions } from '../options'
import type { CallLog, CallOutcome } from '../record/call-log'
import { dated } from '../wire/dated'
import type { EmulatedEndpoint } from '../wire/emulated-endpoints'
import type { PayloadReader } from '../wire/payload-reader'
import { Refusal, refusalMessage } from '../wire/refusal'
import type { responseHeader } from '../wire/response-header'
import { authenticate } from './authenticate'
import type { Delays } from './delays'
import type { Handler } from './handlers'

interface AnswererParts {
  readonly handlers: Record<EmulatedEndpoint, Handler>
  readonly options: ResolvedGatewayOptions
  readonly calls: CallLog
  readonly faults: FaultPlan
  readonly payloads: PayloadReader
  /** Ends a session as the loss of its stream does. */
  loseStream(sessionId: string | undefined): void
  readonly delays: Delays
  header(code: number, message: string): ReturnType<typeof responseHeader>
  refused(refusal: Refusal): Response
}

/** One HTTP call. */
export interface GatewayCall {
  readonly name: EmulatedEndpoint
  readonly url: URL
  readonly body: string
  /** The value of the control header. */
  readonly control: string | undefined
  /** The origin of the foreign page that sent the call. */
  readonly page: string | undefined
}

/** Creates the function that answers the calls: planned faults first, then authentication and the handler. */
export function createAnswerer({
  handlers,
  options,
  calls,
  faults,
  payloads,
  loseStream,
  delays,
  header,
  refused,
}: AnswererParts) {
  const handle = ({ body, name, page, url }: GatewayCall, fault: FaultEffect) => {
    authenticate(url.searchParams, options, options.clock.now() + (fault.clockSkewMs ?? 0))
    if (fault.code !== undefined) throw new Refusal(fault.code, 'a fault answers with this code')
    if (fault.quotaExhausted) throw new Refusal(100008, 'all concurrency is in use (by a fault)')
    const payload = readPayload(payloads, body)
    const { creationFailed } = fault
    if (fault.streamLost) loseStream(sessionIdOf(payload))
    if (fault.duplicate) tryOnce(() => handlers[name](payload, { creationFailed, page }))
    return handlers[name](payload, { creationFailed, page })
  }

  return async (call: GatewayCall): Promise<Response> => {
    const { body, control, name } = call
    const payload = payloadOf(payloads, body)
    let fault: FaultEffect = {}
    let ended: (outcome: CallOutcome) => void = () => {}
    const refuse = (refusal: Refusal) => {
      ended({
        status: refusal.status,
        code: refusal.code,
        message: refusalMessage(refusal),
      })
      return refused(refusal)
    }
    try {
      fault = faults.take(name, sessionIdOf(payload), control) ?? {}
    } catch (error) {
      ended = calls.begin(name, payload, undefined)
      if (error instanceof Refusal) return refuse(error)
      throw error
    }
    ended = calls.begin(name, payload, Object.keys(fault).length > 0 ? fault : undefined)

    if (fault.delayMs && !(await delays.pass(fault.delayMs))) return dropped(ended)
    if (fault.drop === 'before') return dropped(ended)
    if (fault.status !== undefined) {
      ended({ status: fault.status, code: 0, message: 'a fault' })
      const answer = new Response('a fault of the emulator', { status: fault.status })
      return dated(answer, options.clock, fault.clockSkewMs)
    }

    let text: string
    let response: Response
    try {
      text = JSON.stringify({ Header: header(0, ''), Payload: handle(call, fault) })
      response = new Response(text, { headers: { 'content-type': 'application/json' } })
      ended({ status: 200, code: 0, message: '' })
    } catch (error) {
      if (!(error instanceof Refusal)) throw error
      response = refuse(error)
      text = await response.clone().text()
    }
    if (fault.drop === 'after') return dropped(ended)
    return damage(dated(response, options.clock, fault.clockSkewMs), text, fault)
  }
}

/** Runs the first of two deliveries. The second one gives the response. */
function tryOnce(work: () => unknown): void {
  try {
    work()
  } catch (error) {
    if (!(error instanceof Refusal)) throw error
  }
}

function dropped(ended: (outcome: CallOutcome) => void): never {
  ended('dropped')
  throw new ConnectionDropped()
}

/** Returns the payload of a body for the log, or undefined for an unreadable body. */
function payloadOf(payloads: PayloadReader, body: string): unknown {
  try {
    return readPayload(payloads, body)
  } catch {
    return undefined
  }
}

function sessionIdOf(payload: unknown): string | undefined {
  if (typeof payload !== 'object' || payload === null || !('SessionId' in payload)) return undefined
  return typeof payload.SessionId === 'string' ? payload.SessionId : undefined
}

function readPayload(payloads: PayloadReader, body: string): unknown {
  let parsed: unknown
  try {
    parsed = JSON.parse(body)
  } catch {
    throw new Refusal(
      100001,
      `the body is ${body.trim() === '' ? 'empty' : 'not JSON'}; send {"Header": {}, "Payload": {…}}`,
    )
  }
  const payload = payloads.payloadOf(parsed)
  if (payload) return payload
  const lacksPayload =
    typeof parsed === 'object' && parsed !== null && !Object.hasOwn(parsed, 'Payload')
  const missing = lacksPayload ? ': Payload missing' : ''
  throw new Refusal(100001, `the body must be {"Header": {}, "Payload": {…}}${missing}`)
}
