/** The parts of a push or play URL that verification needs. */
export interface CssUrl {
  readonly scheme: 'rtmp' | 'webrtc' | 'http' | 'https' | 'srt'
  /** Host and port, lower case. */
  readonly host: string
  readonly appName: string
  /** Stream name with its template suffix, without the file extension of HTTP URLs. */
  readonly streamName: string
  readonly txSecret: string | undefined
  readonly txTime: string | undefined
}

const streamForm = /^(rtmp|webrtc):\/\/([^/?#]+)\/([^/?#]+)\/([^/?#]+)(?:\?([^#]*))?$/i
const fileForm = /^(https?):\/\/([^/?#]+)\/([^/?#]+)\/([^/?#]+)\.(?:flv|m3u8|mpd)(?:\?([^#]*))?$/i
const srtForm = /^srt:\/\/([^/?#]+)\/?\?streamid=#!::(.+)$/i
const srtResource = /^([^/]+)\/([^/]+)$/

/**
 * Parses a push or play URL. `new URL` does not work here: engines disagree on hosts of `rtmp:` and
 * `webrtc:`, and it decodes text that must be hashed as received.
 *
 * @returns undefined for any other text, and when a part of the signature occurs twice.
 */
export function parseCssUrl(url: string): CssUrl | undefined {
  const srt = srtForm.exec(url)
  return srt ? parseSrt(srt) : parseStream(streamForm.exec(url) ?? fileForm.exec(url))
}

function parseStream(match: RegExpExecArray | null): CssUrl | undefined {
  const [, scheme, host, appName, streamName, query = ''] = match ?? []
  const fields = parseFields(query, '&', ['txSecret', 'txTime'])
  if (!scheme || !host || !appName || !streamName || !fields) return undefined
  return {
    scheme: schemeOf(scheme),
    host: host.toLowerCase(),
    appName,
    streamName,
    txSecret: fields.get('txSecret'),
    txTime: fields.get('txTime'),
  }
}

function parseSrt([, host, streamId = '']: RegExpExecArray): CssUrl | undefined {
  const fields = parseFields(streamId, ',', ['h', 'r', 'txSecret', 'txTime'])
  const [, appName, streamName] = srtResource.exec(fields?.get('r') ?? '') ?? []
  if (!host || !appName || !streamName || !fields) return undefined
  if (fields.get('h')?.toLowerCase() !== hostnameOf(host.toLowerCase())) return undefined
  return {
    scheme: 'srt',
    host: host.toLowerCase(),
    appName,
    streamName,
    txSecret: fields.get('txSecret'),
    txTime: fields.get('txTime'),
  }
}

function schemeOf(text: string): CssUrl['scheme'] {
  const scheme = text.toLowerCase()
  if (scheme === 'rtmp' || scheme === 'webrtc' || scheme === 'http') return scheme
  return 'https'
}

/** Returns the wanted fields, or undefined when one occurs twice: readers could see different values. */
function parseFields(
  text: string,
  separator: '&' | ',',
  wanted: readonly string[],
): ReadonlyMap<string, string> | undefined {
  const fields = new Map<string, string>()
  for (const field of text.split(separator)) {
    const end = field.indexOf('=')
    const name = field.slice(0, end)
    if (end < 0 || !wanted.includes(name)) continue
    if (fields.has(name)) return undefined
    fields.set(name, field.slice(end + 1))
  }
  return fields
}

/** Returns the host without its port. */
export function hostnameOf(host: string): string {
  return host.replace(/:\d+$/, '')
}
