import { checkKnownOptions, IvhConfigError } from '@ivh-kit/kernel'
import type { DigestAlgorithm } from './digest'
import type { CssSignerWarning } from './signer-warning'
import { checkName } from './stream-name'
import { checkAlgorithm, checkKey } from './tx-secret'
import { checkAuthDelta, type TxSecretParts } from './verify-tx-secret'

/** Options of `createCssSigner`. One domain is enough for a service that only pushes or only plays. */
export interface CssSignerOptions {
  /** Push domain, `host` or `host:port`, without scheme or path. */
  readonly pushDomain?: string
  /** Play domain, `host` or `host:port`, without scheme or path. */
  readonly playDomain?: string
  /** Main key of the push domain: any non-empty text, because its alphabet is not documented. */
  readonly pushKey?: string
  /** Backup key of the push domain. Verification accepts it; signing uses the main key. */
  readonly pushBackupKey?: string | undefined
  /**
   * Main key of the play domain: letters and digits, at most 256 (INTL 267/35598). Leave it out when play
   * authentication is off: play URLs are unsigned then, because the service refuses an unexpected
   * signature. A present `undefined` is an error, so that an unset environment variable cannot switch
   * signing off.
   */
  readonly playKey?: string
  /** Backup key of the play domain. Verification accepts it; signing uses the main key. */
  readonly playBackupKey?: string | undefined
  /** First segment of the path. Default `'live'`. */
  readonly appName?: string
  /**
   * Encryption type of the domains in the console. Default `'md5'`. `'sha256'` follows a secondary source,
   * see `txSecret`. Verification always accepts both.
   */
  readonly algorithm?: DigestAlgorithm
  /** Letter case of the hex digits in txTime. Default `'upper'`, as in the console. */
  readonly txTimeCase?: 'upper' | 'lower'
  /**
   * Seconds that the **play** domain adds to txTime, its "validity period" (`AuthDelta` of
   * `DescribeLivePlayAuthKey`). Default 0. It changes `effectiveExpiry` and verification, not the URL. Push
   * URLs end at txTime (INTL 267/31084; an older edition of 31560 adds the validity period there as well,
   * so the shorter reading is used).
   */
  readonly authDelta?: number
  /** `https` for FLV and HLS. Default `true`; `false` gives `http`, for localhost. */
  readonly secure?: boolean
  /** Clock in epoch milliseconds. Default `Date.now`. */
  readonly now?: () => number
  /** Receives warnings about valid input with a probable mistake. Default: none. */
  readonly onWarning?: (warning: CssSignerWarning) => void
}

const knownOptions: readonly (keyof CssSignerOptions)[] = [
  'pushDomain',
  'playDomain',
  'pushKey',
  'pushBackupKey',
  'playKey',
  'playBackupKey',
  'appName',
  'algorithm',
  'txTimeCase',
  'authDelta',
  'secure',
  'now',
  'onWarning',
]

/** The direction of a URL. Each side has its own domain and keys. */
export type Side = 'push' | 'play'

/** The checked settings of one domain. */
export interface SideSettings {
  readonly kind: Side
  readonly domain: string
  readonly keys: TxSecretParts['keys'] | undefined
  readonly authDelta: number
}

/** The checked options with their defaults. */
export interface SignerSettings {
  readonly push: SideSettings | undefined
  readonly play: SideSettings | undefined
  readonly appName: string
  readonly algorithm: DigestAlgorithm
  readonly txTimeCase: 'upper' | 'lower'
  readonly secure: boolean
  readonly now: () => number
  readonly onWarning: ((warning: CssSignerWarning) => void) | undefined
}

const domainForm = /^(?:\[[0-9a-f:.]+\]|[a-z0-9.-]+)(?::\d{1,5})?$/i
const playKeyForm = /^[A-Za-z0-9]{1,256}$/

/**
 * Checks the options and fills in the defaults.
 *
 * @throws IvhConfigError for an unknown, missing or invalid option.
 */
export function checkOptions(options: CssSignerOptions): SignerSettings {
  checkKnownOptions('createCssSigner', options, knownOptions)
  const { appName = 'live', algorithm = 'md5', txTimeCase = 'upper', authDelta = 0 } = options
  checkName('AppName', appName)
  checkAlgorithm(algorithm)
  checkAuthDelta(authDelta)
  if (txTimeCase !== 'upper' && txTimeCase !== 'lower') {
    throw new IvhConfigError("txTimeCase must be 'upper' or 'lower'", { option: 'txTimeCase' })
  }
  const push = sideSettings(options, 'push', 0)
  const play = sideSettings(options, 'play', authDelta)
  if (!push && !play) throw missing('pushDomain', 'Give pushDomain, playDomain or both')
  const { now = Date.now, onWarning, secure = true } = options
  return { push, play, appName, algorithm, txTimeCase, secure, now, onWarning }
}

/** Returns the error for a missing option. */
export function missing(option: string, message: string, hint?: string): IvhConfigError {
  return new IvhConfigError(message, { code: 'missing-option', option, hint })
}

function sideSettings(
  options: CssSignerOptions,
  kind: Side,
  authDelta: number,
): SideSettings | undefined {
  const domain = options[`${kind}Domain`]
  const keys = keysOf(options, kind)
  if (domain === undefined) {
    if (!keys) return undefined
    throw missing(`${kind}Domain`, `${kind}Key is given without ${kind}Domain`)
  }
  if (domainForm.test(domain)) return { kind, domain: domain.toLowerCase(), keys, authDelta }
  throw new IvhConfigError(`${kind}Domain must be a host name with or without a port`, {
    option: `${kind}Domain`,
    hint: `An example is "${kind}.example.com": no scheme, no path, international names in their xn-- form.`,
  })
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
  throw missing(`${kind}Key`, `${kind}BackupKey is given without ${kind}Key`)
}

function checkDomainKey(
  kind: Side,
  option: string,
  key: string | undefined,
): asserts key is string {
  checkKey(option, key)
  if (kind === 'push' || playKeyForm.test(key)) return
  throw new IvhConfigError(`${option} must have only letters and digits, at most 256`, {
    option,
    hint: 'The console accepts no other play key.',
  })
}
