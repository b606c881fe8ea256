import type { ResolvedGatewayOptions } from '../options'
import { emulatedTrtcSign, platformTrtcAppId } from '../wire/trtc-sign'
import type { EmulatedSession } from './emulated-session'

/**
 * Returns the play address of a stream that the platform hosts. Only the form for rtmp is documented
 * (1211/62103). The webrtc form comes from public client code. A TRTC address has the room as its host
 * and these four parameters; its scheme is the emulator's choice.
 */
export function platformPlayUrl(
  session: EmulatedSession,
  { playDomain, clock }: ResolvedGatewayOptions,
): string {
  switch (session.request.protocol) {
    case 'rtmp':
      return `rtmp://${playDomain}/live/${session.id}`
    case 'webrtc':
      return `webrtc://${playDomain}/live/${session.id}`
    case 'trtc':
      return trtcPlayUrl(session, clock.now())
  }
}

/** Leaves out the credentials for the caller's own app, because the emulator has no key of it. */
function trtcPlayUrl({ request, trtcRoom }: EmulatedSession, nowMs: number): string {
  const { trtcAppId, userId } = request
  const sign = emulatedTrtcSign(`viewer-of-${userId}`, trtcRoom, nowMs)
  const query = new URLSearchParams({
    appId: trtcAppId ?? platformTrtcAppId,
    ...(trtcAppId === undefined && { userSig: sign.userSig, privateMapKey: sign.privateMapKey }),
    virtualManUserId: userId,
  })
  return `room://${encodeURIComponent(trtcRoom)}?${query}`
}
