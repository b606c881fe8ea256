export { type Clock, redact, redactText, systemClock } from '@ivh-kit/kernel'
export type { CallPayload, CallResult } from './calls/call'
export type { CallOptions, PathCallOptions } from './calls/call-options'
export type { ResponseInfo } from './calls/response-info'
export type { CloseReason } from './channel/channel-end'
export type { ChannelState } from './channel/command-channel'
export type {
  WebSocketEvent,
  WebSocketFactory,
  WebSocketLike,
} from './channel/web-socket-like'
export { createIvhClient, type IvhClient } from './client/create-client'
export { gatewayUrls, type IvhClientOptions, type Region } from './client/options'
export {
  type ActiveSession,
  type AnyIvhError,
  httpStatusOf,
  IvhAbortError,
  IvhApiError,
  IvhConfigError,
  IvhError,
  type IvhErrorContext,
  type IvhErrorKind,
  IvhPluginError,
  IvhResponseShapeError,
  IvhSessionError,
  IvhTimeoutError,
  IvhTransportError,
  IvhValidationError,
  isApiError,
  isIvhError,
  type SessionFailure,
  type UnconfirmedRange,
} from './errors'
export { consoleLogger, type Logger } from './logger'
export { type CssStreamOptions, type CssStreamSigner, cssStream } from './plugins/css-stream'
export type { DiagnosticsMessages } from './plugins/diagnostics'
export type {
  ObservedRequest,
  RequestObserver,
  RequestOutcome,
  RequestRetry,
} from './plugins/observed-request'
export {
  type CreateDraft,
  definePlugin,
  type IvhPlugin,
  type OpenContext,
  type ResumeContext,
  type ResumeContribution,
  type SessionContribution,
} from './plugins/plugin'
export type { PluginEvent, PluginEventMap, PluginEventType } from './plugins/plugin-event'
export type {
  TelemetryAttributes,
  TelemetryMeter,
  TelemetrySpan,
  TelemetryTracer,
} from './plugins/telemetry/opentelemetry'
export { type TelemetryOptions, telemetry } from './plugins/telemetry/telemetry'
export {
  type TrtcRoom,
  type TrtcRoomOptions,
  type TrtcViewer,
  trtcRoom,
} from './plugins/trtc/trtc-room'
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
  errorCodes,
  type RetryClass,
  type SessionStatus,
  sessionStatus,
} from './protocol/plain'
export type { ChannelOptions } from './sessions/channel-options'
export type { CloseOrphansOptions } from './sessions/close-orphans'
export type { ExtraRequest } from './sessions/extra-request'
export type {
  ExternalTrtcRoom,
  OpenByAssetOptions,
  OpenByProjectOptions,
  OpenPhase,
  OpenProgress,
  OpenSessionOptions,
  QuotaWaitOptions,
  VideoLayer,
} from './sessions/open-options'
export type { Playback } from './sessions/playback'
export type { ResumeOptions } from './sessions/resume-options'
export type { SayOptions, SendAudioOptions } from './sessions/say-options'
export { IvhSession, type SessionState } from './sessions/session'
export {
  type AnySessionEvent,
  IvhSessionEvent,
  type SessionEventMap,
  type SessionEventType,
} from './sessions/session-events'
export { SessionManager } from './sessions/session-manager'
export type { PollingOptions } from './sessions/waiting/polling-options'
export type { ReadinessOptions } from './sessions/waiting/readiness-options'
export { createQuerySigner, sign, signedQuery, stringToSign } from './signing/sign-query'
export { Ssml, type SsmlValue, ssml } from './speech/text/ssml'
export type { SpeechHandle, SpeechOutcome, SpeechProgress } from './speech/utterance/speech-handle'
export type {
  Transport,
  TransportRequest,
  TransportResponse,
  TransportSendOptions,
} from './transport/transport'
export { createUndiciTransport } from './transport/undici-transport'
