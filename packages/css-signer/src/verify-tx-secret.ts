import { CssSignerError } from './css-signer-error'
import { type DigestAlgorithm, keyedDigest } from './digest'
import { isStreamName } from './stream-name'
import { checkKey } from './tx-secret'
import { isTxTime } from './tx-time'

/** Why a signature was refused, by the parts alone. */
export type SignatureRejection =
  /** `txSecret` or `txTime` is absent or empty. */
  | 'missing-signature'
  /** The StreamName has characters outside letters, digits and `. _ ~ -`, or is too long. */
  | 'malformed-stream-name'
  /** `txTime` is not eight hex digits. */
  | 'malformed-tx-time'
  /** Neither the main nor the backup key gives this `txSecret`. */
  | 'wrong-signature'
  /** The signature is right and its time is over. */
  | 'expired'

/** The outcome of a verification. `Reason` is the exhaustive union of refusals. */
export type Verification<Reason extends string> =
  | {
      readonly ok: true
      /** The key that signed: `'backup'` in use shows that a key rotation is not finished. */
      readonly key: 'main' | 'backup'
      /** Told by the length of the digest. */
      readonly algorithm: DigestAlgorithm
      /** The name that was signed, with its template suffix if it has one. */
      readonly streamName: string
      /** The time in `txTime`. */
      readonly expiresAt: Date
      /** `expiresAt` plus `authDelta`: when the signature really stops being accepted. */
      readonly effectiveExpiry: Date
    }
  | { readonly ok: false; readonly reason: Reason }

/** Input of {@link verifyTxSecret}. */
export interface TxSecretParts {
  /** The main key and, if there is one, the backup key of the domain. */
  readonly keys: readonly [main: string, backup?: string | undefined]
  /** StreamName as received, with template suffix, without file extension. */
  readonly streamName: string
  /** As received; a missing one is refused as `missing-signature`. */
  readonly txSecret: string | null | undefined
  /** As received, in its own case; a missing one is refused as `missing-signature`. */
  readonly txTime: string | null | undefined
  /** The time now in epoch **milliseconds**, such as `Date.now()`. */
  readonly now: number
  /** Seconds that the domain adds to `txTime` (its AuthDelta). Default 0. */
  readonly authDelta?: number
}

/**
 * Checks a signature from its parts, for servers that have already taken a URL apart (RTMP hands
 * over app and stream name separately). MD5 and SHA-256 are told apart by length, the comparison
 * takes constant time, and the time is looked at only after the signature, so that a forger
 * learns nothing from the reason.
 *
 * @throws {@link CssSignerError} only for faults of the caller: an empty key, or a `now` or
 * `authDelta` that is no number of its unit. Nothing a client sends makes it throw.
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
  // A clock in seconds would read as 1970, and no signature would ever expire.
  if (!(now > 1e11 && now < 1e14)) {
    throw new CssSignerError(
      'invalid-option',
      'now must be epoch milliseconds, as from Date.now().',
    )
  }
  checkAuthDelta(authDelta)
}

/** Throws unless `authDelta` is a number of seconds. */
export function checkAuthDelta(authDelta: number): void {
  if (Number.isFinite(authDelta) && authDelta >= 0) return
  throw new CssSignerError('invalid-option', 'authDelta must be a number of seconds, 0 or more.')
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
    equalInConstantTime(keyedDigest(algorithm, key)(streamName, txTime), received)
  if (signedWith(main)) return 'main'
  return backup !== undefined && signedWith(backup) ? 'backup' : undefined
}

/** Both texts have the digest's length already; looks at every character whatever it finds. */
function equalInConstantTime(expected: string, received: string): boolean {
  let difference = 0
  for (let index = 0; index < expected.length; index++) {
    difference |= expected.charCodeAt(index) ^ received.charCodeAt(index)
  }
  return difference === 0
}
