/** The parts of `rtmp://host:port/app/stream?query` for a publisher. */
export interface PushUrl {
  readonly host: string
  readonly port: number
  readonly app: string
  /** Stream name without its query. */
  readonly streamName: string
  /** The argument of `publish`: the stream name with its query, as CSS expects it. */
  readonly publishName: string
  /** Address of the application, without a secret. */
  readonly tcUrl: string
  /** `rtmp://host:port/app/stream` for messages, without the query, which holds a secret. */
  readonly printable: string
}

const rtmpPort = 1935

/** Parses a push URL. Returns undefined unless it has the form `rtmp://host/app/stream`. */
export function parsePushUrl(url: string): PushUrl | undefined {
  if (!/^rtmp:\/\//i.test(url)) return undefined
  // Replace `rtmp:` by `http:`, because some URL parsers treat the host of an unknown scheme as a path.
  const standIn = `http:${url.slice('rtmp:'.length)}`
  if (!URL.canParse(standIn)) return undefined
  const parsed = new URL(standIn)
  const path = parsed.pathname.split('/').filter((part) => part !== '')
  const name = path.pop()
  const app = path.join('/')
  if (!parsed.hostname || !name || !app) return undefined
  // Read port 80 from the text, because `URL` hides the default port of `http:`.
  const port = /^rtmp:\/\/[^/?#]*:80(?:[/?#]|$)/i.test(url) ? 80 : Number(parsed.port || rtmpPort)
  const authority = port === rtmpPort ? parsed.hostname : `${parsed.hostname}:${port}`
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
