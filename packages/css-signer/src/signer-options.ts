import { CssSignerError } from './css-signer-error'
import { hostnameOf } from './css-url'
import { type DigestAlgorithm, type KeyedDigest, keyedDigest } from './digest'
import type { CssSignerWarning } from './signer-warning'
import { checkName } from './stream-name'
import { checkAlgorithm, checkKey } from './tx-secret'
import { txTimeWriter } from './tx-time'
import { checkAuthDelta, type TxSecretParts } from './verify-tx-secret'

/**
 * Options of `createCssSigner`. One of the two domains is enough for a service that only pushes
 * or only plays.
 */
export interface CssSignerOptions {
  /** Push domain, `host` or `host:port`, without scheme or path. */
  readonly pushDomain?: string
  /** Play domain, `host` or `host:port`, without scheme or path. */
  readonly playDomain?: string
  /** Main key of the push domain. Any non-empty text: its alphabet is not documented. */
  readonly pushKey?: string
  /** Backup key of the push domain. Verification accepts it; signing uses the main key. */
  readonly pushBackupKey?: string | undefined
  /**
   * Main key of the play domain: letters and digits, at most 256 (INTL 267/35598). Leave it out
   * when play authentication is off: then play URLs are not signed, because the service refuses
   * a signature it does not expect. Present but `undefined` is an error, so that an unset
   * environment variable cannot switch signing off.
   */
  readonly playKey?: string
  /** Backup key of the play domain. Verification accepts it; signing uses the main key. */
  readonly playBackupKey?: string | undefined
  /** First step of the path. Default `'live'`. */
  readonly appName?: string
  /**
   * Encryption type set for the domains in the console. Default `'md5'`. `'sha256'` follows a
   * secondary source, see `txSecret`. Verification always accepts both.
   */
  readonly algorithm?: DigestAlgorithm
  /** Letter case of the hex digits in an emitted txTime. Default `'upper'`, as the console's. */
  readonly txTimeCase?: 'upper' | 'lower'
  /**
   * Seconds that the **play** domain adds to txTime, its "validity period" (`AuthDelta` of
   * `DescribeLivePlayAuthKey`). Default 0. It does not change the URL, but `effectiveExpiry` and
   * verification. Push URLs end at txTime (INTL 267/31084; an older edition of 31560 adds the
   * validity period there as well, so the shorter reading is taken).
   */
  readonly authDelta?: number
  /** `https` for FLV and HLS. Default `true`; `false` gives `http`, for localhost. */
  readonly secure?: boolean
  /** The clock, in epoch milliseconds. Default `Date.now`. */
  readonly now?: () => number
  /** Called for input that works but probably is not what was meant. Default: nobody is told. */
  readonly onWarning?: (warning: CssSignerWarning) => void
}

/** Whether a URL takes a stream in or gives it out. Each side has its own domain and keys. */
export type Side = 'push' | 'play'

/** One domain with all that verification needs to know of it. */
export interface SideSettings {
  readonly kind: Side
  readonly domain: string
  /** The domain without its port. */
  readonly hostname: string
  readonly keys: TxSecretParts['keys'] | undefined
  /** Signs with the main key. */
  readonly digest: KeyedDigest | undefined
  readonly authDelta: number
}

/** The options, checked, with their defaults. */
export interface SignerSettings {
  readonly push: SideSettings | undefined
  readonly play: SideSettings | undefined
  readonly appName: string
  readonly txTimeOf: (seconds: number) => string
  readonly secure: boolean
  readonly now: () => number
  readonly onWarning: ((warning: CssSignerWarning) => void) | undefined
}

const domainForm = /^(?:\[[0-9a-f:.]+\]|[a-z0-9.-]+)(?::\d{1,5})?$/i
const playKeyForm = /^[A-Za-z0-9]{1,256}$/

/** Checks the options once, so that signing has only the names and times left to check. */
export function checkOptions(options: CssSignerOptions): SignerSettings {
  const { appName = 'live', algorithm = 'md5', txTimeCase = 'upper', authDelta = 0 } = options
  checkName('AppName', appName)
  checkAlgorithm(algorithm)
  checkAuthDelta(authDelta)
  if (txTimeCase !== 'upper' && txTimeCase !== 'lower') {
    throw new CssSignerError('invalid-option', "txTimeCase must be 'upper' or 'lower'.")
  }
  const push = sideSettings(options, 'push', algorithm, 0)
  const play = sideSettings(options, 'play', algorithm, authDelta)
  if (!push && !play) {
    throw new CssSignerError('missing-option', 'Give pushDomain, playDomain or both.')
  }
  return {
    push,
    play,
    appName,
    txTimeOf: txTimeWriter(txTimeCase),
    secure: options.secure ?? true,
    now: options.now ?? Date.now,
    onWarning: options.onWarning,
  }
}

function sideSettings(
  options: CssSignerOptions,
  kind: Side,
  algorithm: DigestAlgorithm,
  authDelta: number,
): SideSettings | undefined {
  const domain = options[`${kind}Domain`]
  const keys = keysOf(options, kind)
  if (domain === undefined) {
    if (!keys) return undefined
    throw new CssSignerError('missing-option', `${kind}Key is given without ${kind}Domain.`)
  }
  if (!domainForm.test(domain)) {
    throw new CssSignerError(
      'invalid-option',
      `${kind}Domain must be a host name with or without a port, such as "${kind}.example.com": no scheme, no path, international names in their xn-- form.`,
    )
  }
  const host = domain.toLowerCase()
  const digest = keys && keyedDigest(algorithm, keys[0])
  return { kind, domain: host, hostname: hostnameOf(host), keys, digest, authDelta }
}

function keysOf(options: CssSignerOptions, kind: Side): SideSettings['keys'] {
  const backup = options[`${kind}BackupKey`]
  if (backup !== undefined) checkDomainKey(kind, `${kind}BackupKey`, backup)
  if (`${kind}Key` in options) {
    const main = options[`${kind}Key`]
    checkDomainKey(kind, `${kind}Key`, main)
    return [main, backup]
  }
  if (backup === undefined) return undefined
  throw new CssSignerError('missing-option', `${kind}BackupKey is given without ${kind}Key.`)
}

function checkDomainKey(kind: Side, name: string, key: string | undefined): asserts key is string {
  checkKey(name, key)
  if (kind === 'push' || playKeyForm.test(key)) return
  throw new CssSignerError(
    'invalid-option',
    `${name} must have only letters and digits, at most 256: the console takes no other play key.`,
  )
}
