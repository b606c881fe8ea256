import type { ResolvedGatewayOptions } from '../options'
import { emulatedTrtcSign, platformTrtcAppId } from '../wire/trtc-sign'
import type { EmulatedSession } from './emulated-session'

/**
 * Returns the play address of a stream in the form that the session's `Protocol` asks for. `mediaUrl` is the
 * address of the media plane: of an HTTP-FLV address, whose server also serves RTMP and WebRTC at the same
 * host, only the scheme and the extension change. Another address stays as it is.
 */
export function playUrlOf(
  session: EmulatedSession,
  mediaUrl: string | undefined,
  options: ResolvedGatewayOptions,
): string {
  const { protocol } = session.request
  if (mediaUrl === undefined || protocol === 'trtc') return platformPlayUrl(session, options)
  const [, address, , path, search = ''] =
    /^https?:\/\/(([^/?#]+)(\/[^?#]+))\.flv(\?[^#]*)?$/i.exec(mediaUrl) ?? []
  if (address === undefined) return mediaUrl
  const { mediaPlayDomain } = options
  const place = mediaPlayDomain === undefined ? address : `${mediaPlayDomain}${path}`
  return `${protocol}://${place}${search}`
}

/**
 * Returns the play address of a stream that the platform hosts. Only the form for rtmp is documented
 * (1211/62103). The webrtc form comes from public client code. A TRTC address has the room as its host
 * and these four parameters; its scheme is the emulator's choice.
 */
function platformPlayUrl(
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
