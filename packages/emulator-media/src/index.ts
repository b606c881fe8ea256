export type { BuildBank } from './bank/bank-store'
export type { AllowImage, FetchedImages } from './bank/fetched-images'
export type { BankData, SilentAudio } from './bank/picture-bank'
export type { MediaClock } from './clock'
export type { Anchor, Appearance } from './face/appearance'
export type { FrameSize, PictureLayer } from './face/layer'
export type { DigitalHuman } from './human/digital-human'
export {
  createMediaPlane,
  type MediaPlane,
  type MediaPlaneOptions,
  type OpenHumanOptions,
  type PublishTarget,
} from './human/media-plane'
export { MediaPlaneError, type MediaPlaneErrorCode } from './human/media-plane-error'
export type { PcmSink } from './human/pcm-tap'
export type { PictureOptions } from './human/picture-options'
export type { SeiNote } from './human/sei'
export type { AudioSpeech, Speech } from './human/speech'
export { type LocalMedia, type StartMediaOptions, startMedia } from './local-media'
export type { LogContext, MediaLogger } from './logger'
export {
  type CssOrigin,
  type CssOriginOptions,
  createCssOrigin,
  type OriginPlayUrls,
  type ReplacedKeys,
} from './origin/css-origin'
export type { OriginLimits } from './origin/limits'
export type { StreamInfo } from './origin/live-stream'
export type { SecondPublisher } from './origin/stream-registry'
export { PushError, type PushErrorCode } from './rtmp/push-error'
export type { VoiceSettings } from './speech/speech-thread'
export type { Tts, TtsOptions, TtsSound, VoiceName } from './speech/tts'
export type { LebErrorCodes } from './webrtc/leb-route'
export type { PcmBlock } from './webrtc/soundtrack'
