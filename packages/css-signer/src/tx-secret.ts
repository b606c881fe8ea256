import { IvhConfigError } from '@ivh-kit/kernel'
import { type DigestAlgorithm, hexDigest } from './digest'
import { checkName } from './stream-name'
import { isTxTime } from './tx-time'

/**
 * Checks that CSS offers the algorithm.
 *
 * @throws IvhConfigError for any other algorithm.
 */
export function checkAlgorithm(algorithm: DigestAlgorithm): void {
  if (algorithm === 'md5' || algorithm === 'sha256') return
  throw new IvhConfigError("algorithm must be 'md5' or 'sha256'", { option: 'algorithm' })
}

/**
 * Checks that a key is a non-empty string without spaces, line ends and invisible characters, such as the
 * line end of a file or the byte order mark of an editor. The message never contains the key.
 *
 * @throws IvhConfigError for any other value.
 */
export function checkKey(option: string, key: unknown): asserts key is string {
  if (typeof key === 'string' && key !== '') {
    if (!/[\s\p{C}]/u.test(key)) return
    throw new IvhConfigError(`${option} holds a space, a line end or an invisible character`, {
      option,
      hint: 'Copy it again from the CSS console; check its file or variable for line ends.',
    })
  }
  throw new IvhConfigError(`${option} is ${key === '' ? 'empty' : `of type ${typeof key}`}`, {
    option,
    hint: 'Give the authentication key of the domain, from the CSS console.',
  })
}

/**
 * Returns the signature of a CSS push or play URL: `hex(md5(key + streamName + txTime))` (CN 267/32720).
 * AppName, domain, scheme, file extension and other parameters are not part of it.
 *
 * @param key - The push or play key of the domain, main or backup.
 * @param streamName - The StreamName as in the URL, without `.flv` or `.m3u8`; for a transcoded stream with
 * its template, `Stream_template`.
 * @param txTime - Unix time in seconds as eight hex digits, **exactly** as in the URL: `5C271099` and
 * `5c271099` have different signatures.
 * @param options - `algorithm`: `'md5'` (default) or `'sha256'`. The vendor documents the choice
 * (INTL 267/31059), and the formula for MD5 only; that SHA-256 takes the same text comes from a secondary
 * source.
 * @returns Lower-case hex, 32 digits for MD5 and 64 for SHA-256.
 * @throws IvhConfigError for an empty key, a malformed StreamName or txTime, or an unknown algorithm.
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
  if (isTxTime(txTime)) return hexDigest(algorithm, key + streamName + txTime)
  throw new IvhConfigError('txTime must be Unix time in seconds as eight hex digits', {
    option: 'txTime',
    hint: 'An example is "5C271099".',
  })
}
