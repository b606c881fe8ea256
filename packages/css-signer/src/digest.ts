import { md5 } from '@noble/hashes/legacy.js'
import { sha256 } from '@noble/hashes/sha2.js'
import { bytesToHex, utf8ToBytes } from '@noble/hashes/utils.js'

/** Algorithm of `txSecret`. CSS domains use MD5 unless the console says SHA256. */
export type DigestAlgorithm = 'md5' | 'sha256'

/** Returns the digest of a text's UTF-8 bytes in lower-case hex. */
export function hexDigest(algorithm: DigestAlgorithm, text: string): string {
  return bytesToHex((algorithm === 'md5' ? md5 : sha256)(utf8ToBytes(text)))
}
