import { type ChannelRegistry, channelPath } from '../channel/channel-registry'
import type { FaultEffect } from '../faults/fault-effect'
import type { FaultPlan } from '../faults/fault-plan'
import type { ResolvedGatewayOptions } from '../options'
import type { CallLog } from '../record/call-log'
import type { EventLog } from '../record/event-log'
import { dated } from '../wire/dated'
import { Refusal, refusalMessage } from '../wire/refusal'
import { authenticate } from './authenticate'
import type { Delays } from './delays'
import type { ChannelAdmission } from './gateway'

interface AdmissionParts {
  readonly channels: ChannelRegistry
  readonly options: ResolvedGatewayOptions
  readonly calls: CallLog
  readonly events: EventLog
  readonly faults: FaultPlan
  readonly delays: Delays
  refused(refusal: Refusal): Response
}

/** Creates the function that admits or refuses a command channel. A refusal is an HTTP response with the reason. */
export function createAdmission({
  channels,
  options,
  calls,
  events,
  faults,
  delays,
  refused,
}: AdmissionParts) {
  return async (address: string, control?: string): Promise<ChannelAdmission> => {
    const url = new URL(address)
    const requestId = url.searchParams.get('requestid')
    const payload = { requestid: requestId }
    const refuse = (refusal: Refusal, fault?: FaultEffect): ChannelAdmission => {
      const { status, code } = refusal
      const message = refusalMessage(refusal)
      calls.begin('commandChannel', payload, fault)({ status, code, message })
      events.warn('channel', `command channel refused: ${message}`)
      const response = dated(refused(refusal), options.clock, fault?.clockSkewMs)
      return { kind: 'refused', response }
    }

    let fault: FaultEffect | undefined
    try {
      if (url.pathname !== channelPath) {
        throw new Refusal(
          100001,
          `${url.pathname} is not a WebSocket path; use ${channelPath}`,
          404,
        )
      }
      fault = faults.take('commandChannel', requestId ?? undefined, control)
      const delayed = fault?.delayMs ? await delays.pass(fault.delayMs) : true
      if (fault?.drop || !delayed) {
        calls.begin('commandChannel', payload, fault)('dropped')
        return { kind: 'dropped' }
      }
      if (fault?.status !== undefined) {
        calls.begin(
          'commandChannel',
          payload,
          fault,
        )({
          status: fault.status,
          code: 0,
          message: 'a fault',
        })
        const answer = new Response('a fault of the emulator', { status: fault.status })
        const response = dated(answer, options.clock, fault.clockSkewMs)
        return { kind: 'refused', response }
      }
      if (fault?.code !== undefined) {
        throw new Refusal(fault.code, 'a fault answers with this code', 403)
      }
      authenticateUpgrade(url.searchParams, options, fault?.clockSkewMs ?? 0)
      const session = channels.admit(requestId)
      const cutAtMessage = fault?.cutAtMessage
      const ended = calls.begin('commandChannel', payload, fault)
      return {
        kind: 'admitted',
        open(wire) {
          ended({ status: 101, code: 0, message: '' })
          return channels.open(session, wire, cutAtMessage)
        },
      }
    } catch (error) {
      if (error instanceof Refusal) return refuse(error, fault)
      throw error
    }
  }
}

/** Refuses with status 401, because a refused upgrade cannot have status 200. */
function authenticateUpgrade(
  query: URLSearchParams,
  options: ResolvedGatewayOptions,
  skewMs: number,
): void {
  try {
    authenticate(query, options, options.clock.now() + skewMs)
  } catch (error) {
    if (error instanceof Refusal && error.status === 200) {
      throw new Refusal(error.code, error.message, 401)
    }
    throw error
  }
}
