import type { Source, SourceKind } from './classify-source'

/** The forms of one stream that Tencent CSS serves to browsers, best known first. */
export interface SourceForm extends Source {
  label: string
}

/** Protocol names as people write them. */
export const SOURCE_LABELS: Readonly<Record<SourceKind, string>> = {
  flv: 'HTTP-FLV',
  hls: 'HLS',
  webrtc: 'WebRTC (LEB)',
  trtc: 'TRTC',
  dash: 'DASH',
  rtmp: 'RTMP',
  srt: 'SRT',
  unknown: 'unknown',
  invalid: 'invalid',
}

/**
 * The HTTP-FLV, HLS and WebRTC addresses of the stream behind one play address. All carry the
 * same query: neither the scheme nor the extension is part of what txSecret signs
 * (CN 881/96682, INTL 267/31560). A port in an `rtmp://` or `webrtc://` address is dropped, for
 * it is not the one that answers HTTP.
 *
 * @returns every form but the one given; nothing for an address without `/app/stream`.
 */
export function alternativeSources(source: Source): SourceForm[] {
  const parts = /^([a-z0-9+.-]+):\/\/([^/?#]+)(\/[^?#]+)(\?[^#]*)?/i.exec(source.url)
  const [, scheme = '', authority = '', path = '', query = ''] = parts ?? []
  const stream = path.replace(/\.(flv|m3u8|mpd)$/i, '')
  if (!/^\/[^/]+\/[^/]+/.test(stream)) return []

  const overHttp = /^https?$/i.test(scheme)
  const host = overHttp ? authority : authority.replace(/^.*@/, '').replace(/:\d+$/, '')
  const http = overHttp ? scheme.toLowerCase() : 'https'
  const form = (kind: SourceKind, url: string): SourceForm => ({
    kind,
    url,
    label: SOURCE_LABELS[kind],
  })
  return [
    form('flv', `${http}://${host}${stream}.flv${query}`),
    form('hls', `${http}://${host}${stream}.m3u8${query}`),
    form('webrtc', `webrtc://${host.replace(/:\d+$/, '')}${stream}${query}`),
  ].filter(({ kind }) => kind !== source.kind)
}
