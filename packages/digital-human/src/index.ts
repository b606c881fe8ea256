export type { Anchor, Appearance } from './face/appearance'
export { drawnExpressions, type Expression, type Eyes, type Mouth } from './face/expression'
export type { FrameSize, PictureLayer } from './face/layer'
export { perform } from './performance/performance'
export { type PcmListener, Soundtrack } from './performance/soundtrack'
export { BankStore, type BuildBank } from './pictures/bank-store'
export { buildInWorker } from './pictures/build-in-worker'
export type { AllowImage, FetchedImages } from './pictures/fetched-images'
export { type BankData, PictureBank, type SilentAudio } from './pictures/picture-bank'
export { appearanceOf, type PictureOptions } from './pictures/picture-options'
export { type SeiNote, SeiTrack, seiUnit } from './pictures/sei'
export { PlayedAudio } from './speech/played-audio'
export type { Sound, SoundFrame } from './speech/sound'
export type { AudioSpeech, SoundSource, Speech } from './speech/speech'
export {
  type GrowingSound,
  type SayRequest,
  type SpeechSource,
  SpeechThread,
  type VoiceSettings,
} from './speech/speech-thread'
export { SpokenText } from './speech/spoken-text'
export { seedOf } from './text-hash'
export type { Tts, TtsOptions, TtsSound, VoiceName } from './voice/tts'
