export type { Amf0Object, Amf0Value, EcmaArray } from './amf0'
export { openPublisher, type PublisherOptions, type RtmpPublisher } from './publisher'
export { PushError, type PushErrorCode, type PushErrorDetails } from './push-error'
export { type PushUrl, parsePushUrl } from './push-url'
