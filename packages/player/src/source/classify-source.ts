/** The kind of a stream address, judged by the address alone. */
export type SourceKind =
  | 'flv'
  | 'hls'
  | 'webrtc'
  | 'trtc'
  | 'dash'
  | 'ws'
  | 'rtmp'
  | 'srt'
  | 'unknown'
  | 'invalid'

/** A stream address and its kind. `url` is absolute, except for the kind `invalid`. */
export interface Source {
  kind: SourceKind
  url: string
}

const schemeKinds: Readonly<Record<string, SourceKind>> = {
  rtmp: 'rtmp',
  rtmps: 'rtmp',
  rtmpt: 'rtmp',
  webrtc: 'webrtc',
  trtc: 'trtc',
  srt: 'srt',
  ws: 'ws',
  wss: 'ws',
}

const extensionKinds: Readonly<Record<string, SourceKind>> = {
  flv: 'flv',
  m3u8: 'hls',
  mpd: 'dash',
}

/**
 * Finds the kind of a stream address by its scheme, or for http(s) by the extension of its path
 * (Tencent CSS play addresses, CN 267/32720: `.flv`, `.m3u8`, `.mpd`, `webrtc://`).
 *
 * @param address absolute, or relative to `base`.
 * @param base the page's base address.
 */
export function classifySource(address: string, base: string): Source {
  const text = address.trim()
  const scheme = /^([a-z][a-z0-9+.-]*):\/\//i.exec(text)?.[1]?.toLowerCase()
  const byScheme = scheme && schemeKinds[scheme]
  if (byScheme) return { kind: byScheme, url: text }

  const url = parseUrl(text, base)
  if (!url) return { kind: 'invalid', url: text }
  if (url.protocol !== 'http:' && url.protocol !== 'https:') {
    return { kind: 'unknown', url: url.href }
  }
  const extension = /\.([a-z0-9]+)$/i.exec(url.pathname)?.[1]?.toLowerCase() ?? ''
  return { kind: extensionKinds[extension] ?? 'unknown', url: url.href }
}

/** True when a browser blocks `url` in `page` as mixed content: an http stream in an https page. */
export function isMixedContent(url: string, page: string): boolean {
  if (!page.startsWith('https:') || !url.startsWith('http:')) return false
  return !isLoopback(url)
}

/** True for an address on this machine, which is reachable without a network. */
export function isLoopback(url: string): boolean {
  const hostname = parseUrl(url)?.hostname ?? ''
  return hostname === 'localhost' || hostname === '[::1]' || hostname.startsWith('127.')
}

/** Does the same as `URL.parse`, which the browsers inside Chinese apps lack. */
function parseUrl(text: string, base?: string): URL | null {
  try {
    return new URL(text, base)
  } catch {
    return null
  }
}
