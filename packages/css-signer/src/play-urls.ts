import { IvhConfigError } from '@ivh-kit/kernel'
import type { Expiry } from './expiry'
import type { Signature } from './push-urls'
import type { SideSettings, SignerSettings } from './signer-options'

/** Options of `play`: the expiry, a template and unsigned parameters. */
export type PlayOptions = Expiry & {
  /** Name of a transcoding template, such as `'900'`: path and hash have `Stream_900` (CN 267/32720). */
  readonly template?: string
  /**
   * Query parameters after the signature, which are not signed, such as `{ txPackageType: 'll-hls-ts' }` for
   * HLS or `{ tabr_bitrates: 'hi,mid,lo' }` for adaptive WebRTC (INTL 267/31058). Every URL gets all of them.
   */
  readonly params?: Readonly<Record<string, string | number>>
}

/** One stream in every pull protocol, with the same txTime. */
export interface PlayUrls {
  /** RTMP, delay 1–3 s. For native players and servers, because browsers cannot play RTMP. */
  readonly rtmp: string
  /** HTTP-FLV, delay 2–3 s. */
  readonly flv: string
  /** HLS, delay 10–30 s. */
  readonly hls: string
  /** Live Event Broadcasting (LEB), delay below 1 s. */
  readonly webrtc: string
  /** The time in txTime; undefined for unsigned URLs, which do not expire. */
  readonly expiresAt: Date | undefined
  /**
   * `expiresAt` plus the signer's `authDelta` (INTL 267/31058). Afterwards new requests are refused: a
   * running FLV continues, HLS stops because each of its requests is checked.
   */
  readonly effectiveExpiry: Date | undefined
}

/** Returns the URLs of every pull protocol, signed or unsigned. */
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

function queryOf(signature: Signature | undefined, params: PlayOptions['params'] = {}): string {
  const fields = signature ? [`txSecret=${signature.txSecret}`, `txTime=${signature.txTime}`] : []
  for (const [name, value] of Object.entries(params)) {
    if (name === 'txSecret' || name === 'txTime') {
      throw new IvhConfigError(`params must not contain ${name}`, {
        option: 'params',
        hint: 'play() adds the signature.',
      })
    }
    fields.push(`${encode(name)}=${encode(String(value))}`)
  }
  return fields.length > 0 ? `?${fields.join('&')}` : ''
}

/** Escapes a text except for commas, as in the vendor's `tabr_bitrates=hi,mid,lo`. */
function encode(text: string): string {
  return encodeURIComponent(text).replaceAll('%2C', ',')
}
