import { IvhConfigError } from '@ivh-kit/kernel'
import { type DigestAlgorithm, hexDigest } from './digest'
import { isStreamName } from './stream-name'
import { checkKey } from './tx-secret'
import { isTxTime } from './tx-time'

/** The reason for a refused signature. */
export type SignatureRejection =
  /** `txSecret` or `txTime` is missing or empty. */
  | 'missing-signature'
  /** The StreamName has characters outside letters, digits and `. _ ~ -`, or is too long. */
  | 'malformed-stream-name'
  /** `txTime` does not have eight hex digits. */
  | 'malformed-tx-time'
  /** `txSecret` matches neither the main nor the backup key. */
  | 'wrong-signature'
  /** The signature is valid, but its time has passed. */
  | 'expired'

/** The result of a verification. `Reason` is the exhaustive union of refusals. */
export type Verification<Reason extends string> =
  | {
      readonly ok: true
      /** The signing key. `'backup'` means that a key rotation is not finished. */
      readonly key: 'main' | 'backup'
      /** Algorithm of the signature, derived from the length of the digest. */
      readonly algorithm: DigestAlgorithm
      /** The signed name, with its template suffix. */
      readonly streamName: string
      /** The time in `txTime`. */
      readonly expiresAt: Date
      /** `expiresAt` plus `authDelta`: the actual end of the signature. */
      readonly effectiveExpiry: Date
    }
  | { readonly ok: false; readonly reason: Reason }

/** Input of {@link verifyTxSecret}. */
export interface TxSecretParts {
  /** The main key and the optional backup key of the domain. */
  readonly keys: readonly [main: string, backup?: string | undefined]
  /** StreamName as received, with its template suffix, without a file extension. */
  readonly streamName: string
  /** `txSecret` as received; a missing value is refused as `missing-signature`. */
  readonly txSecret: string | null | undefined
  /** `txTime` as received, in its own case; a missing value is refused as `missing-signature`. */
  readonly txTime: string | null | undefined
  /** Current time in epoch **milliseconds**, such as `Date.now()`. */
  readonly now: number
  /** Seconds that the domain adds to `txTime` (its AuthDelta). Default 0. */
  readonly authDelta?: number
}

/**
 * Verifies a signature from its parts, for servers that get them separately, such as RTMP servers. The
 * length tells MD5 from SHA-256. The comparison takes constant time, and the expiry is checked after the
 * signature, so that the reason does not help a forger.
 *
 * @throws IvhConfigError for a mistake of the caller: an empty key, or an invalid `now` or `authDelta`. No
 * client input makes it throw.
 */
export function verifyTxSecret(parts: TxSecretParts): Verification<SignatureRejection> {
  const { keys, streamName, txSecret, txTime, now, authDelta = 0 } = parts
  checkCaller(keys, now, authDelta)
  if (!txSecret || !txTime) return { ok: false, reason: 'missing-signature' }
  if (!isStreamName(streamName)) return { ok: false, reason: 'malformed-stream-name' }
  if (!isTxTime(txTime)) return { ok: false, reason: 'malformed-tx-time' }
  const algorithm = algorithmOf(txSecret)
  const key = algorithm && signingKey(algorithm, keys, streamName, txTime, txSecret)
  if (!key) return { ok: false, reason: 'wrong-signature' }
  const seconds = Number.parseInt(txTime, 16)
  const effectiveExpiry = new Date((seconds + authDelta) * 1000)
  if (now >= effectiveExpiry.getTime()) return { ok: false, reason: 'expired' }
  return {
    ok: true,
    key,
    algorithm,
    streamName,
    expiresAt: new Date(seconds * 1000),
    effectiveExpiry,
  }
}

function checkCaller(keys: TxSecretParts['keys'], now: number, authDelta: number): void {
  const [main, backup] = keys
  checkKey('keys[0]', main)
  if (backup !== undefined) checkKey('keys[1]', backup)
  // Refuse a clock in seconds, with which no signature would ever expire.
  if (!(now > 1e11 && now < 1e14)) {
    throw new IvhConfigError('now must be epoch milliseconds, as from Date.now()', {
      option: 'now',
    })
  }
  checkAuthDelta(authDelta)
}

/**
 * Checks `authDelta`.
 *
 * @throws IvhConfigError unless it is a number of seconds, 0 or more.
 */
export function checkAuthDelta(authDelta: number): void {
  if (Number.isFinite(authDelta) && authDelta >= 0) return
  throw new IvhConfigError('authDelta must be a number of seconds, 0 or more', {
    option: 'authDelta',
  })
}

function algorithmOf(txSecret: string): DigestAlgorithm | undefined {
  if (txSecret.length === 32) return 'md5'
  return txSecret.length === 64 ? 'sha256' : undefined
}

function signingKey(
  algorithm: DigestAlgorithm,
  [main, backup]: TxSecretParts['keys'],
  streamName: string,
  txTime: string,
  received: string,
): 'main' | 'backup' | undefined {
  const signedWith = (key: string) =>
    equalInConstantTime(hexDigest(algorithm, key + streamName + txTime), received)
  if (signedWith(main)) return 'main'
  return backup !== undefined && signedWith(backup) ? 'backup' : undefined
}

/** Compares two texts of the same length in constant time. */
function equalInConstantTime(expected: string, received: string): boolean {
  let difference = 0
  for (let index = 0; index < expected.length; index++) {
    difference |= expected.charCodeAt(index) ^ received.charCodeAt(index)
  }
  return difference === 0
}
