import type { Signature } from './signature'
import type { SideSettings } from './signer-options'

/** What `push` gives: one signature in every push form. */
export interface PushUrls {
  /**
   * `rtmp://host/app/stream?txSecret=…&txTime=…` (INTL 267/31059), exactly the shape that the
   * digital human wants in `ProtocolOption.CssCustomPushUrl` (INTL 1211/62102).
   */
  readonly url: string
  /**
   * WebRTC push to Live Event Broadcasting (CN 267/97825). For WHIP this whole URL is the bearer
   * token, and the endpoint is `https://webrtcpush.tlivewebrtcpush.com/webrtc/v2/whip`.
   */
  readonly webrtc: string
  /** SRT on port 9000. **Secondary source**: the console's text as others quote it. */
  readonly srt: string
  /** The signature alone. Secret: whoever has it can push. */
  readonly txSecret: string
  /** The expiry as in the URL: Unix seconds in hex. */
  readonly txTime: string
  /**
   * When new pushes are refused. One that is running then goes on until it is interrupted
   * (INTL 267/31059).
   */
  readonly expiresAt: Date
}

/** Writes one signature into every push form. What does not change is put together once. */
export function pushUrlWriter(
  { domain, hostname }: SideSettings,
  appName: string,
): (streamName: string, signature: Signature) => PushUrls {
  const rtmp = `rtmp://${domain}/${appName}/`
  const webrtc = `webrtc://${domain}/${appName}/`
  const srt = `srt://${hostname}:9000?streamid=#!::h=${hostname},r=${appName}/`
  return (streamName, { txSecret, txTime, expiresAt }) => {
    const signed = `${streamName}?txSecret=${txSecret}&txTime=${txTime}`
    return {
      url: rtmp + signed,
      webrtc: webrtc + signed,
      srt: `${srt}${streamName},txSecret=${txSecret},txTime=${txTime}`,
      txSecret,
      txTime,
      expiresAt,
    }
  }
}
