import { hostnameOf } from './css-url'

/** One signature in every push form. */
export interface PushUrls {
  /**
   * `rtmp://host/app/stream?txSecret=…&txTime=…` (INTL 267/31059): the form of
   * `ProtocolOption.CssCustomPushUrl` (INTL 1211/62102).
   */
  readonly url: string
  /**
   * WebRTC push to Live Event Broadcasting (CN 267/97825). For WHIP, this URL is the bearer token and the
   * endpoint is `https://webrtcpush.tlivewebrtcpush.com/webrtc/v2/whip`.
   */
  readonly webrtc: string
  /** SRT on port 9000. **Secondary source**: quotations of the console. */
  readonly srt: string
  /** The signature alone. It is a secret, because it allows a push. */
  readonly txSecret: string
  /** The expiry as in the URL: Unix seconds in hex. */
  readonly txTime: string
  /** End of new pushes. A running push continues until it is interrupted (INTL 267/31059). */
  readonly expiresAt: Date
}

/** A signature and its end, the same for all URLs of one call. */
export type Signature = Pick<PushUrls, 'txSecret' | 'txTime' | 'expiresAt'>

/** Returns the URLs of every push form. */
export function pushUrls(
  domain: string,
  appName: string,
  streamName: string,
  signature: Signature,
): PushUrls {
  const { txSecret, txTime } = signature
  const address = `${domain}/${appName}/${streamName}?txSecret=${txSecret}&txTime=${txTime}`
  const host = hostnameOf(domain)
  const streamId = `#!::h=${host},r=${appName}/${streamName},txSecret=${txSecret},txTime=${txTime}`
  return {
    url: `rtmp://${address}`,
    webrtc: `webrtc://${address}`,
    srt: `srt://${host}:9000?streamid=${streamId}`,
    ...signature,
  }
}
