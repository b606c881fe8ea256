import type { Playback } from '../../contracts/session'

/**
 * Sorts the service's `PlayStreamAddr` by its scheme. For `rtmp` the vendor documents no FLV or HLS
 * address on its own domain, so none is derived.
 */
export function playbackOf(address: string | null | undefined): Playback {
  if (!address) return {}
  const scheme = address.slice(0, address.indexOf(':')).toLowerCase()
  if (scheme === 'rtmp' || scheme === 'rtmps') return { rtmp: address }
  if (scheme === 'webrtc') return { webrtc: address }
  if (scheme === 'http' || scheme === 'https') {
    return /\.m3u8(\?|$)/.test(address) ? { hls: address } : { flv: address }
  }
  // The scheme of a TRTC address is not documented. Room and credentials are in its host and query.
  return { trtc: address }
}
