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
 * The UserSig with which the human enters the caller's own TRTC app (1211/62103): its form, whom and which
 * app it is for, and whether it is still valid. Who signed it cannot be known: the key is the caller's.
 *
 * @throws Refusal 100001 naming what is wrong. The service's own code for it is not published.
 */
export function checkTrtcUserSig({ UserId, Protocol, ProtocolOption }: TrtcCreate, nowMs: number) {
  const { TrtcUseExternalApp, TrtcAppId, TrtcUserSig } = ProtocolOption ?? {}
  if (Protocol !== 'trtc' || !TrtcUseExternalApp || TrtcUserSig === undefined) return
  const ticket = unpackTicket(TrtcUserSig)
  if (!ticket) throw wrong('is no UserSig: deflated JSON in base64 with *-_ for +/=')
  if (ticket['TLS.identifier'] !== UserId) {
    throw wrong('was made for another user; it must be for Payload.UserId')
  }
  if (String(ticket['TLS.sdkappid']) !== TrtcAppId) {
    throw wrong('was made for another app; it must be for Payload.ProtocolOption.TrtcAppId')
  }
  const expiresAt = (ticket['TLS.time'] + ticket['TLS.expire']) * 1_000
  if (expiresAt <= nowMs) {
    throw wrong(`expired ${Math.ceil((nowMs - expiresAt) / 1_000)} s ago; make one per session`)
  }
}

function wrong(what: string): Refusal {
  return new Refusal(100001, `bad request parameter: Payload.ProtocolOption.TrtcUserSig ${what}`)
}
