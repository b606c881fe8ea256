export type { ChannelWire, CommandChannel } from './channel/command-channel'
export {
  type Clock,
  type ClockOptions,
  createClock,
  isMovable,
  type MovableClock,
  systemClock,
} from './clock'
export {
  createEmulator,
  type Emulator,
  type EmulatorClientOptions,
  type EmulatorOptions,
} from './create-emulator'
export { ConnectionDropped } from './faults/connection-dropped'
export type { FaultEffect, FaultTarget, PlannedFault } from './faults/fault'
export type { Faults } from './faults/fault-plan'
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
export type { SessionRequest, SessionSnapshot } from './sessions/session'
