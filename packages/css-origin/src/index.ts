export type { LogContext, Logger } from './logger'
export {
  type CssOrigin,
  createCssOrigin,
  type OriginPlayUrls,
  type ReplacedKeys,
} from './server/css-origin'
export type { OriginLimits } from './server/limits'
export type { CssOriginOptions } from './server/origin-options'
export type { StreamInfo } from './stream/live-stream'
export type { PcmBlock } from './stream/soundtrack'
export type { SecondPublisher } from './stream/stream-registry'
export type { LebErrorCodes } from './webrtc/leb-route'
