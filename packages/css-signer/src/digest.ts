import { Md5 } from './md5'
import { sha256 } from './sha256'

/** How `txSecret` is computed. CSS play and push domains use MD5 unless the console says SHA256. */
export type DigestAlgorithm = 'md5' | 'sha256'

/**
 * Digest of a key, a StreamName and a txTime, one behind the other, in lower-case hex. The key
 * was taken in before; of the other two the caller knows that they are ASCII.
 */
export type KeyedDigest = (streamName: string, txTime: string) => string

/** @param key - Any text; its UTF-8 bytes count. */
export function keyedDigest(algorithm: DigestAlgorithm, key: string): KeyedDigest {
  return algorithm === 'md5' ? keyedMd5(key) : keyedSha256(key)
}

function keyedMd5(key: string): KeyedDigest {
  const keyed = new Md5().append(new TextEncoder().encode(key))
  const whole = new Md5()
  return (streamName, txTime) => whole.copy(keyed).appendAscii(streamName).appendAscii(txTime).hex()
}

function keyedSha256(key: string): KeyedDigest {
  const digest = nativeSha256(globalThis) ?? portableSha256
  return (streamName, txTime) => digest(key + streamName + txTime)
}

/** The part of `globalThis` that is looked at, optional because only Node-like runtimes have it. */
interface Runtime {
  readonly process?: Partial<Pick<NodeJS.Process, 'getBuiltinModule'>>
}

/**
 * The runtime's own SHA-256, or `undefined` where there is none. It is asked for at run time and
 * not imported, so that a bundle for an edge runtime or a browser names no Node module.
 */
export function nativeSha256(runtime: Runtime): ((text: string) => string) | undefined {
  const hash = runtime.process?.getBuiltinModule?.('node:crypto')?.hash
  return typeof hash === 'function' ? (text) => hash('sha256', text) : undefined
}

/** SHA-256 in plain TypeScript. WebCrypto cannot stand in: it is only asynchronous. */
export function portableSha256(text: string): string {
  return sha256(new TextEncoder().encode(text))
}
