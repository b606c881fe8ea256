export { PushError, type PushErrorCode } from '@ivh-kit/css-origin/publisher'
export type {
  AllowImage,
  Anchor,
  Appearance,
  AudioSpeech,
  BankData,
  BuildBank,
  FetchedImages,
  FrameSize,
  PictureLayer,
  PictureOptions,
  SeiNote,
  SilentAudio,
  Speech,
  Tts,
  TtsOptions,
  TtsSound,
  VoiceName,
  VoiceSettings,
} from '@ivh-kit/digital-human'
export type { Clock } from '@ivh-kit/kernel'
export type { DigitalHuman } from './live-human'
export { type LocalMedia, type StartMediaOptions, startMedia } from './local-media'
export {
  createMediaPlane,
  type MediaPlane,
  type MediaPlaneOptions,
  type OpenHumanOptions,
  type PublishTarget,
} from './media-plane'
export { MediaPlaneError, type MediaPlaneErrorCode } from './media-plane-error'
export type { PcmSink } from './pcm-tap'
