/** Addresses at which a session can be watched; only those that are known are present. */
export interface Playback {
  readonly rtmp?: string
  readonly flv?: string
  readonly hls?: string
  readonly webrtc?: string
  /** A TRTC room address. It holds a UserSig: a secret, never to be logged. */
  readonly trtc?: string
}

/**
 * Sorts the service's `PlayStreamAddr` by its scheme. For `rtmp` the vendor documents no FLV or HLS
 * twin on its own domain, so none is guessed.
 */
export function playbackOf(address: string | null | undefined): Playback {
  if (!address) return {}
  const scheme = address.slice(0, address.indexOf(':')).toLowerCase()
  if (scheme === 'rtmp' || scheme === 'rtmps') return { rtmp: address }
  if (scheme === 'webrtc') return { webrtc: address }
  if (scheme === 'http' || scheme === 'https') {
    return /\.m3u8(\?|$)/.test(address) ? { hls: address } : { flv: address }
  }
  // The TRTC address's scheme is not documented; its room and credentials are in host and query.
  return { trtc: address }
}
