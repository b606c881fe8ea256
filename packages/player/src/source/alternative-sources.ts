import type { Source, SourceKind } from './classify-source'

/** One address of a stream, and the name of its protocol. */
export interface LabelledSource extends Source {
  label: string
}

/** Names of the protocols in messages. */
export const sourceLabels: Readonly<Record<SourceKind, string>> = {
  flv: 'HTTP-FLV',
  hls: 'HLS',
  webrtc: 'WebRTC (LEB)',
  trtc: 'TRTC',
  dash: 'DASH',
  rtmp: 'RTMP',
  srt: 'SRT',
  ws: 'WebSocket',
  unknown: 'unknown',
  invalid: 'invalid',
}

/**
 * Derives the HTTP-FLV, HLS and WebRTC addresses of a stream from one of its play addresses. All
 * keep the query, because txSecret signs neither the scheme nor the extension (CN 881/96682,
 * INTL 267/31560). The port of an `rtmp://` or `webrtc://` address is dropped: it does not serve
 * HTTP.
 *
 * @returns all addresses except the given one; none for an address without `/app/stream`.
 */
export function alternativeSources(source: Source): LabelledSource[] {
  const parts = /^([a-z0-9+.-]+):\/\/([^/?#]+)(\/[^?#]+)(\?[^#]*)?/i.exec(source.url)
  const [, scheme = '', authority = '', path = '', query = ''] = parts ?? []
  const stream = path.replace(/\.(flv|m3u8|mpd)$/i, '')
  if (!/^\/[^/]+\/[^/]+/.test(stream)) return []

  // A server of FLV over WebSocket serves HTTP-FLV at the same port.
  const overHttp = /^(https?|wss?)$/i.test(scheme)
  const host = overHttp ? authority : authority.replace(/^.*@/, '').replace(/:\d+$/, '')
  const http = overHttp ? scheme.toLowerCase().replace('ws', 'http') : 'https'
  const labelled = (kind: SourceKind, url: string): LabelledSource => ({
    kind,
    url,
    label: sourceLabels[kind],
  })
  return [
    labelled('flv', `${http}://${host}${stream}.flv${query}`),
    labelled('hls', `${http}://${host}${stream}.m3u8${query}`),
    labelled('webrtc', `webrtc://${host.replace(/:\d+$/, '')}${stream}${query}`),
  ].filter(({ kind }) => kind !== source.kind)
}
