export { type Clock, IvhConfigError, systemClock } from '@ivh-kit/kernel'
export type { ChannelWire, ServerChannel } from './channel/server-channel'
export { type ClockOptions, createClock, isMovable, type MovableClock } from './clock'
export {
  createEmulator,
  type Emulator,
  type EmulatorClientOptions,
  type EmulatorOptions,
} from './create-emulator'
export { ConnectionDropped } from './faults/connection-dropped'
export type { PlannedFault } from './faults/fault'
export type { FaultEffect } from './faults/fault-effect'
export type { Faults } from './faults/fault-plan'
export type { FaultTarget } from './faults/fault-targets'
export type { Carrier } from './gateway/carrier'
export { type ChannelAdmission, createGateway, type Gateway } from './gateway/gateway'
export type { InProcessWebSocket, InProcessWebSocketEvent } from './in-process/web-socket'
export { type Logger, silentLogger } from './logger'
export type {
  MediaAnchor,
  MediaAudio,
  MediaHuman,
  MediaLayer,
  MediaPicture,
  MediaPlane,
  MediaRequest,
  MediaSpeech,
  MediaVoice,
} from './media-plane'
export { defaultCredentials, type GatewayOptions } from './options'
export type { CallOutcome, EmulatorCall } from './record/call-log'
export type { EmulatorEvent } from './record/event-log'
export type { SessionSettings, SessionSnapshot } from './sessions/emulated-session'
