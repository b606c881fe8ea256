import { CssSignerError } from './css-signer-error'
import { type DigestAlgorithm, keyedDigest } from './digest'
import { checkName } from './stream-name'
import { isTxTime } from './tx-time'

/** Throws unless the algorithm is one that CSS offers. */
export function checkAlgorithm(algorithm: DigestAlgorithm): void {
  if (algorithm === 'md5' || algorithm === 'sha256') return
  throw new CssSignerError('invalid-option', "algorithm must be 'md5' or 'sha256'.")
}

/** Throws unless the key is a non-empty string. The message never shows the key. */
export function checkKey(what: string, key: unknown): asserts key is string {
  if (typeof key === 'string' && key !== '') return
  const found = key === '' ? 'empty' : `of type ${typeof key}`
  throw new CssSignerError(
    'invalid-option',
    `${what} is ${found}; it must be the authentication key of the domain, from the CSS console.`,
  )
}

/**
 * The signature of a CSS push or play URL: `hex(md5(key + streamName + txTime))`
 * (CN 267/32720). AppName, domain, scheme, file extension and other parameters are not part of it.
 *
 * @param key - The push or play key of the domain, main or backup.
 * @param streamName - The StreamName as in the URL, without `.flv` or `.m3u8`; for a transcoded
 * stream with its template, `Stream_template`.
 * @param txTime - Unix time in seconds as eight hex digits, **exactly** as in the URL: the text is
 * hashed, so `5C271099` and `5c271099` give different signatures.
 * @param options - `algorithm`: `'md5'` (default) or `'sha256'`. The vendor documents the choice
 * (INTL 267/31059), but prints the formula for MD5 only; that SHA-256 takes the same text comes
 * from a secondary source.
 * @returns Lower-case hex, 32 digits for MD5 and 64 for SHA-256.
 * @throws {@link CssSignerError} for an empty key, a malformed StreamName or txTime, or an
 * unknown algorithm.
 */
export function txSecret(
  key: string,
  streamName: string,
  txTime: string,
  { algorithm = 'md5' }: { readonly algorithm?: DigestAlgorithm } = {},
): string {
  checkKey('key', key)
  checkName('StreamName', streamName)
  checkAlgorithm(algorithm)
  if (!isTxTime(txTime)) {
    throw new CssSignerError(
      'invalid-tx-time',
      'txTime must be Unix time in seconds as eight hex digits, such as "5C271099".',
    )
  }
  return keyedDigest(algorithm, key)(streamName, txTime)
}
