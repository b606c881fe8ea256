import { Refusal } from './refusal'
import { unpackTicket } from './trtc-ticket'

interface TrtcCreate {
  readonly UserId: string
  readonly Protocol: string
  readonly ProtocolOption?:
    | {
        readonly TrtcUseExternalApp?: boolean | undefined
        readonly TrtcAppId?: string | undefined
        readonly TrtcUserSig?: string | undefined
      }
    | undefined
}

/**
 * Checks the UserSig with which the human enters the caller's own TRTC app (1211/62103): its form, user, app
 * and expiry. The signature itself is not checked, because the emulator does not have the caller's key.
 *
 * @throws Refusal 100001 naming the problem. The vendor does not document the code.
 */
export function checkTrtcUserSig({ UserId, Protocol, ProtocolOption }: TrtcCreate, nowMs: number) {
  const { TrtcUseExternalApp, TrtcAppId, TrtcUserSig } = ProtocolOption ?? {}
  if (Protocol !== 'trtc' || !TrtcUseExternalApp || TrtcUserSig === undefined) return
  const ticket = unpackTicket(TrtcUserSig)
  if (!ticket) throw wrongSig('must be a UserSig: deflated JSON in base64 with *-_ for +/=')
  if (ticket['TLS.identifier'] !== UserId) {
    throw wrongSig('was made for another user; it must be for Payload.UserId')
  }
  if (String(ticket['TLS.sdkappid']) !== TrtcAppId) {
    throw wrongSig('was made for another app; it must be for Payload.ProtocolOption.TrtcAppId')
  }
  const expiresAt = (ticket['TLS.time'] + ticket['TLS.expire']) * 1_000
  if (expiresAt <= nowMs) {
    throw wrongSig(`expired ${Math.ceil((nowMs - expiresAt) / 1_000)} s ago; make one per session`)
  }
}

function wrongSig(problem: string): Refusal {
  return new Refusal(100001, `bad request parameter: Payload.ProtocolOption.TrtcUserSig ${problem}`)
}
