/** The parts of a custom CSS push URL that can be checked without the push key. */
export interface CssPushUrl {
  readonly host: string
  readonly appName: string
  readonly streamName: string
  /** Expiry of the signature in Unix seconds, read from the hexadecimal txTime. */
  readonly expiresAt: number
}

export type CssPushUrlResult =
  | { readonly ok: true; readonly url: CssPushUrl }
  | { readonly ok: false; readonly problem: string }

const shape = 'rtmp://<push-domain>/<app>/<stream>?txSecret=<secret>&txTime=<hex>'

/**
 * Reads a push URL of the form `rtmp://host/app/stream?txSecret=…&txTime=<hex>`, the only one that
 * createsession and createsessionbyasset take (1211/62102, 1211/62103). The problem it reports never
 * repeats the URL, because the URL carries a secret.
 */
export function parseCssPushUrl(text: string): CssPushUrlResult {
  if (!text.startsWith('rtmp://')) return problem(`must start with rtmp:// and look like ${shape}`)
  let url: URL
  try {
    // `rtmp:` is not a special scheme, so its host would be parsed differently from runtime to runtime.
    url = new URL(`http://${text.slice('rtmp://'.length)}`)
  } catch {
    return problem(`is not a URL; it must look like ${shape}`)
  }
  const [appName, streamName, ...rest] = url.pathname.split('/').slice(1)
  if (!appName || !streamName || rest.length > 0) {
    return problem(`needs exactly an app name and a stream name in its path: ${shape}`)
  }
  const txSecret = url.searchParams.get('txSecret')
  if (!txSecret) return problem(`has no txSecret; sign it first: ${shape}`)
  if (!/^(?:[0-9a-f]{32}|[0-9a-f]{64})$/i.test(txSecret)) {
    return problem('has a txSecret that is neither an MD5 (32) nor a SHA-256 (64) hex digest')
  }
  const txTime = url.searchParams.get('txTime')
  if (!txTime) return problem(`has no txTime; sign it first: ${shape}`)
  if (!/^[0-9a-f]{1,12}$/i.test(txTime)) {
    return problem('has a txTime that is not hexadecimal Unix seconds, such as 5C271099')
  }
  return {
    ok: true,
    url: { host: url.host, appName, streamName, expiresAt: Number.parseInt(txTime, 16) },
  }
}

function problem(text: string): CssPushUrlResult {
  return { ok: false, problem: text }
}
