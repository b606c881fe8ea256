import { CssSignerError } from './css-signer-error'
import type { Expiry } from './expiry'
import type { Signature } from './signature'
import type { SideSettings, SignerSettings } from './signer-options'

/** Options of `play`: the expiry, and what else goes into the URLs. */
export type PlayOptions = Expiry & {
  /**
   * Name of a transcoding template, such as `'900'`: gives `Stream_900` in path and hash
   * (CN 267/32720).
   */
  readonly template?: string
  /**
   * More query parameters. They follow the signature and are not part of it, such as
   * `{ txPackageType: 'll-hls-ts' }` for HLS or `{ tabr_bitrates: 'hi,mid,lo' }` for adaptive
   * WebRTC (INTL 267/31058). Every URL gets all of them.
   */
  readonly params?: Readonly<Record<string, string | number>>
}

/** What `play` gives: one stream in every pull protocol, all with the same txTime. */
export interface PlayUrls {
  /** 1–3 s behind; for native players and servers, browsers play no RTMP. */
  readonly rtmp: string
  /** HTTP-FLV, 2–3 s behind. */
  readonly flv: string
  /** HLS, 10–30 s behind. */
  readonly hls: string
  /** Live Event Broadcasting (LEB), under 1 s behind. */
  readonly webrtc: string
  /** The time in txTime; `undefined` for unsigned URLs, which do not expire. */
  readonly expiresAt: Date | undefined
  /**
   * `expiresAt` plus the `authDelta` of the signer (INTL 267/31058). After it new requests are
   * refused: a running FLV goes on, HLS stops because each of its requests is checked.
   */
  readonly effectiveExpiry: Date | undefined
}

/** Writes one signature, or none, into every pull form. */
export function playUrls(
  { domain, authDelta }: SideSettings,
  { appName, secure }: SignerSettings,
  streamName: string,
  signature: Signature | undefined,
  params: PlayOptions['params'],
): PlayUrls {
  const address = `${domain}/${appName}/${streamName}`
  const http = secure ? 'https' : 'http'
  const query = queryOf(signature, params)
  const expiresAt = signature?.expiresAt
  return {
    rtmp: `rtmp://${address}${query}`,
    flv: `${http}://${address}.flv${query}`,
    hls: `${http}://${address}.m3u8${query}`,
    webrtc: `webrtc://${address}${query}`,
    expiresAt,
    effectiveExpiry: expiresAt && new Date(expiresAt.getTime() + authDelta * 1000),
  }
}

function queryOf(signature: Signature | undefined, params: PlayOptions['params']): string {
  let query = signature ? `?txSecret=${signature.txSecret}&txTime=${signature.txTime}` : ''
  if (!params) return query
  for (const [name, value] of Object.entries(params)) {
    if (name === 'txSecret' || name === 'txTime') {
      throw new CssSignerError('invalid-option', `params must not contain ${name}: play() signs.`)
    }
    query += `${query ? '&' : '?'}${encode(name)}=${encode(String(value))}`
  }
  return query
}

/** Commas stay, as in the vendor's `tabr_bitrates=hi,mid,lo`. */
function encode(text: string): string {
  return encodeURIComponent(text).replaceAll('%2C', ',')
}
