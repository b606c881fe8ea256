/** The addresses at which a session can be watched. Only known addresses are present. */
export interface Playback {
  readonly rtmp?: string
  readonly flv?: string
  readonly hls?: string
  readonly webrtc?: string
  /** A TRTC room address. It holds a UserSig, a secret: never log it. */
  readonly trtc?: string
}
