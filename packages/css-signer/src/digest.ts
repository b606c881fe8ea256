import { md5 } from './md5'
import { sha256 } from './sha256'

/** How `txSecret` is computed. CSS play and push domains use MD5 unless the console says SHA256. */
export type DigestAlgorithm = 'md5' | 'sha256'

type HexDigest = (algorithm: DigestAlgorithm, text: string) => string

/** The part of `globalThis` that is looked at, optional because only Node-like runtimes have it. */
interface Runtime {
  readonly process?: Partial<Pick<NodeJS.Process, 'getBuiltinModule'>>
}

/**
 * The runtime's own digest, or `undefined` where there is none. It is asked for at run time and
 * not imported, so that a bundle for an edge runtime or a browser names no Node module.
 */
export function nativeDigest(runtime: Runtime): HexDigest | undefined {
  const hash = runtime.process?.getBuiltinModule?.('node:crypto')?.hash
  return typeof hash === 'function' ? (algorithm, text) => hash(algorithm, text) : undefined
}

/** The digest in plain TypeScript. WebCrypto cannot stand in: no MD5, and only asynchronous. */
export function portableDigest(algorithm: DigestAlgorithm, text: string): string {
  const bytes = new TextEncoder().encode(text)
  return algorithm === 'md5' ? md5(bytes) : sha256(bytes)
}

let chosen: HexDigest | undefined

/** Digest of the UTF-8 bytes of `text` in lower-case hex, by the fastest means at hand. */
export function hexDigest(algorithm: DigestAlgorithm, text: string): string {
  chosen ??= nativeDigest(globalThis) ?? portableDigest
  return chosen(algorithm, text)
}
