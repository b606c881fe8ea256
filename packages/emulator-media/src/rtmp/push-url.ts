/** The parts of `rtmp://host:port/app/stream?query` that a publisher needs. */
export interface PushUrl {
  readonly host: string
  readonly port: number
  readonly app: string
  /** Stream name without its query. */
  readonly streamName: string
  /** What `publish` is called with: the name with its query, as CSS wants it. */
  readonly publishName: string
  /** Address of the application; carries no secret. */
  readonly tcUrl: string
  /** `rtmp://host:port/app/stream` for messages: the query holds a secret and is left out. */
  readonly printable: string
}

const RTMP_PORT = 1935

/** Reads a push URL; undefined when it has not the shape `rtmp://host/app/stream`. */
export function parsePushUrl(url: string): PushUrl | undefined {
  if (!/^rtmp:\/\//i.test(url)) return undefined
  // `rtmp:` is a non-special scheme, whose host some URL parsers take for a path.
  const standIn = `http:${url.slice('rtmp:'.length)}`
  if (!URL.canParse(standIn)) return undefined
  const parsed = new URL(standIn)
  const path = parsed.pathname.split('/').filter((part) => part !== '')
  const name = path.pop()
  const app = path.join('/')
  if (!parsed.hostname || !name || !app) return undefined
  // A WHATWG URL hides port 80, the default of the scheme that stands in here.
  const port = /^rtmp:\/\/[^/?#]*:80(?:[/?#]|$)/i.test(url) ? 80 : Number(parsed.port || RTMP_PORT)
  const authority = port === RTMP_PORT ? parsed.hostname : `${parsed.hostname}:${port}`
  return {
    host: parsed.hostname.replace(/^\[|\]$/g, ''),
    port,
    app,
    streamName: name,
    publishName: name + parsed.search,
    tcUrl: `rtmp://${authority}/${app}`,
    printable: `rtmp://${authority}/${app}/${name}`,
  }
}
