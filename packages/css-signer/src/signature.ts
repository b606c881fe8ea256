import type { SignerSettings } from './signer-options'
import { signText } from './tx-secret'

/** A signature and the time it ends at, the same for all URLs of one call. */
export interface Signature {
  readonly txSecret: string
  readonly txTime: string
  readonly expiresAt: Date
}

/** Signs a checked name until a checked time, in whole epoch seconds. */
export function sign(
  { algorithm, txTimeOf }: SignerSettings,
  key: string,
  streamName: string,
  seconds: number,
): Signature {
  const txTime = txTimeOf(seconds)
  return {
    txSecret: signText(algorithm, key, streamName, txTime),
    txTime,
    expiresAt: new Date(seconds * 1000),
  }
}
