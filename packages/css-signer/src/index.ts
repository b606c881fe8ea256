export { type ConfigErrorCode, IvhConfigError } from '@ivh-kit/kernel'
export { type CssSigner, createCssSigner } from './css-signer'
export type { DigestAlgorithm } from './digest'
export type { Expiry } from './expiry'
export type { PlayOptions, PlayUrls } from './play-urls'
export type { PushUrls } from './push-urls'
export type { CssSignerOptions } from './signer-options'
export type { CssSignerWarning } from './signer-warning'
export { txSecret } from './tx-secret'
export {
  type SignatureRejection,
  type TxSecretParts,
  type Verification,
  verifyTxSecret,
} from './verify-tx-secret'
export type { UrlRejection } from './verify-url'
