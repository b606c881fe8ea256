import type { KeyedDigest } from './digest'
import type { SignerSettings } from './signer-options'

/** A signature and the time it ends at, the same for all URLs of one call. */
export interface Signature {
  readonly txSecret: string
  readonly txTime: string
  readonly expiresAt: Date
}

/** Signs a checked name until a checked time, in whole epoch seconds. */
export function sign(
  { txTimeOf }: SignerSettings,
  digest: KeyedDigest,
  streamName: string,
  seconds: number,
): Signature {
  const txTime = txTimeOf(seconds)
  return {
    txSecret: digest(streamName, txTime),
    txTime,
    expiresAt: new Date(seconds * 1000),
  }
}
