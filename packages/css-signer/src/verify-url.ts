import { type CssUrl, hostnameOf, parseCssUrl } from './css-url'
import { missing, type Side, type SideSettings, type SignerSettings } from './signer-options'
import { type SignatureRejection, type Verification, verifyTxSecret } from './verify-tx-secret'

/** The reason for a refused URL: the first that applies, in this order. */
export type UrlRejection =
  /** Not a push or play URL: wrong form, wrong scheme for its domain, or `txSecret` twice. */
  | 'malformed-url'
  /** The host is neither the push nor the play domain, or not that of the given `kind`. */
  | 'unknown-domain'
  /** The first segment of the path is not the signer's AppName. */
  | 'wrong-app'
  /** The signer has no key for this domain. */
  | 'no-key'
  | SignatureRejection

const schemes: Readonly<Record<Side, readonly CssUrl['scheme'][]>> = {
  push: ['rtmp', 'webrtc', 'srt'],
  play: ['rtmp', 'webrtc', 'http', 'https'],
}

const defaultPorts: Readonly<Record<Exclude<CssUrl['scheme'], 'srt'>, string>> = {
  rtmp: ':1935',
  webrtc: ':443',
  http: ':80',
  https: ':443',
}

/** Verifies a URL with the settings of a signer. */
export function verifyUrl(
  url: string,
  settings: SignerSettings,
  kind: Side | undefined,
): Verification<UrlRejection> {
  const { push, play, appName, now } = settings
  if (!kind && push?.domain === play?.domain) {
    throw missing(
      'kind',
      'pushDomain and playDomain are the same, so the kind of a URL is unknown',
      "Pass { kind: 'push' } or { kind: 'play' }.",
    )
  }
  const parsed = parseCssUrl(url)
  if (!parsed) return { ok: false, reason: 'malformed-url' }
  const side = sideOf(parsed, settings, kind)
  if (!side) return { ok: false, reason: 'unknown-domain' }
  if (!schemes[side.kind].includes(parsed.scheme)) return { ok: false, reason: 'malformed-url' }
  if (parsed.appName !== appName) return { ok: false, reason: 'wrong-app' }
  const { keys, authDelta } = side
  if (!keys) return { ok: false, reason: 'no-key' }
  const { streamName, txSecret, txTime } = parsed
  return verifyTxSecret({ keys, streamName, txSecret, txTime, now: now(), authDelta })
}

function sideOf(
  { scheme, host }: CssUrl,
  { push, play }: SignerSettings,
  kind: Side | undefined,
): SideSettings | undefined {
  const find = (fits: (side: SideSettings) => boolean) =>
    [push, play].find((side) => side && (!kind || side.kind === kind) && fits(side))
  // Compare only the host names for SRT, because SRT has a port of its own.
  if (scheme === 'srt') return find(({ domain }) => hostnameOf(domain) === hostnameOf(host))
  const port = defaultPorts[scheme]
  const bare = host.endsWith(port) ? host.slice(0, -port.length) : host
  return find(({ domain }) => domain === host) ?? find(({ domain }) => domain === bare)
}
