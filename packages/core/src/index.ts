export {
  type Clock,
  redact,
  redactText,
  systemClock,
  type TimerOptions,
} from '@ivh-kit/kernel'
export type { CallPayload, CallResult } from './calls/call'
export type { WebSocketEvent, WebSocketFactory, WebSocketLike } from './channel/web-socket-like'
export { createIvhClient, type IvhClient } from './client/create-client'
export { type EndpointMethods, endpointNames } from './client/endpoint-methods'
export * from './contracts/call-options'
export * from './contracts/observation'
export * from './contracts/plugin'
export * from './contracts/session'
export * from './contracts/session-events'
export * from './contracts/speech'
export * from './errors'
export { consoleLogger, type Logger } from './logging/logger'
export * from './options/client-options'
export type { DiagnosticsMessages } from './plugins/diagnostics'
export type {
  Acknowledgement,
  CommandRequest,
  CreateResponse,
  CreateSessionByAssetRequest,
  CreateSessionRequest,
  DownlinkContentType,
  DownlinkKind,
  DownlinkMessage,
  DriverType,
  GetTrtcSignResponse,
  ListedSession,
  ListSessionsResponse,
  StatSessionResponse,
  StreamProtocol,
} from './protocol'
export {
  type CloseType,
  type CodeCategory,
  type CodeInfo,
  closeType,
  type DocumentedCode,
  describeCode,
  docsPathOf,
  type EndpointName,
  errorCodes,
  type RetryClass,
  type SessionStatus,
  sessionStatus,
} from './protocol/plain'
export type { CloseOrphansOptions } from './sessions/close-orphans'
export type { ExtraRequest } from './sessions/opening/extra-request'
export type {
  ExternalTrtcRoom,
  OpenByAssetOptions,
  OpenByProjectOptions,
  OpenPhase,
  OpenProgress,
  OpenSessionOptions,
  QuotaWaitOptions,
  VideoLayer,
} from './sessions/opening/open-options'
export type { ResumeOptions } from './sessions/opening/resume-session'
export type { ChannelOptions } from './sessions/session/channel-options'
export type { SessionManager } from './sessions/session-manager'
export type { ReadinessOptions } from './sessions/waiting/wait-until-ready'
export { Ssml, type SsmlValue, ssml } from './speech/text/ssml'
export * from './transport/transport'
export { createUndiciTransport } from './transport/undici-transport'
