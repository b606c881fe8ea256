/** The parts of a CSS push URL that can be checked without the push key. */
export interface CssPushUrl {
  readonly host: string
  readonly appName: string
  readonly streamName: string
  /** Expiry of the signature in Unix seconds, read from txTime. */
  readonly expiresAt: number
}

export type CssPushUrlResult =
  | { readonly ok: true; readonly url: CssPushUrl }
  | { readonly ok: false; readonly problem: string }

const shape = 'rtmp://<push-domain>/<app>/<stream>?txSecret=<secret>&txTime=<hex>'

// Do not use `new URL`: engines parse `rtmp:` differently, and it corrects a wrong URL, while the original is
// sent.
const parts = /^rtmp:\/\/([^/?#]*)(\/[^?#]*)?(?:\?([^#]*))?(#.*)?$/s
const hostForm = /^(?:[a-z0-9](?:[a-z0-9.-]*[a-z0-9])?|\[[0-9a-f:.]+\])(?::\d{1,5})?$/i
const digestForm = /^(?:[0-9a-f]{32}|[0-9a-f]{64})$/i

/**
 * Parses a push URL of the form `rtmp://host/app/stream?txSecret=…&txTime=<hex>`, the only form that
 * createsession and createsessionbyasset accept (1211/62102, 1211/62103). Its error text never includes the
 * URL, because the URL holds a secret.
 */
export function parseCssPushUrl(text: string): CssPushUrlResult {
  if (/[\s\\]/.test(text)) return problem('holds a space, a line end or a backslash')
  const match = parts.exec(text)
  if (!match) return problem(`must start with rtmp:// and look like ${shape}`)
  const [, host = '', path = '', query = '', fragment] = match
  if (!hostForm.test(host)) return problem(`needs a host name, without credentials: ${shape}`)
  if (fragment !== undefined) return problem(`must not have a fragment (#): ${shape}`)
  const [appName, streamName, ...rest] = path.split('/').slice(1)
  if (!appName || !streamName || rest.length > 0) {
    return problem(`needs exactly an app name and a stream name in its path: ${shape}`)
  }
  // Do not decode, like the signer: `??txSecret=` and `tx%53ecret=` are other names for the service.
  const fields = query.split('&')
  const valuesOf = (name: string) =>
    fields
      .filter((field) => field.startsWith(`${name}=`))
      .map((field) => field.slice(name.length + 1))
  for (const name of ['txSecret', 'txTime']) {
    const given = valuesOf(name)
    if (!given[0]) return problem(`has no ${name}; sign it first: ${shape}`)
    if (given.length > 1) return problem(`has ${name} more than once`)
  }
  if (!digestForm.test(valuesOf('txSecret')[0] ?? '')) {
    return problem('has a txSecret that is neither an MD5 (32) nor a SHA-256 (64) hex digest')
  }
  const expiresAt = readTxTime(valuesOf('txTime')[0] ?? '')
  if (expiresAt === undefined) {
    return problem('has a txTime that is not hexadecimal Unix seconds, such as 5C271099')
  }
  return { ok: true, url: { host, appName, streamName, expiresAt } }
}

/**
 * Reads `txTime`: Unix seconds in up to eight hexadecimal digits, or in exactly ten decimal digits
 * (267/31560).
 */
function readTxTime(text: string): number | undefined {
  if (/^\d{10}$/.test(text)) return Number(text)
  return /^[0-9a-f]{1,8}$/i.test(text) ? Number.parseInt(text, 16) : undefined
}

function problem(text: string): CssPushUrlResult {
  return { ok: false, problem: text }
}
