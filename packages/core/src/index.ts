export type { CallOptions, CallPayload, CallResult } from './client/call'
export { createIvhClient, type IvhClient } from './client/create-client'
export { gateways, type IvhClientOptions, type Region } from './client/options'
export { type Clock, systemClock } from './clock'
export {
  type AnyIvhError,
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
  isIvhError,
  type SessionFailure,
} from './errors'
export { consoleLogger, type Logger } from './logger'
export { type CssStreamOptions, type CssStreamSigner, cssStream } from './plugins/css-stream'
export {
  type CreateDraft,
  definePlugin,
  type IvhPlugin,
  type OpenContext,
  type SessionContribution,
} from './plugins/plugin'
export type {
  Acknowledgement,
  CommandRequest,
  CreateResponse,
  CreateSessionByAssetRequest,
  CreateSessionRequest,
  DriverType,
  StatSessionResponse,
  StreamProtocol,
} from './protocol'
export {
  type CloseType,
  type CodeInfo,
  closeType,
  codes,
  type DocumentedCode,
  describeCode,
  type RetryClass,
  type SessionStatus,
  sessionStatus,
} from './protocol/plain'
export { redact, redactText } from './redaction/redact'
export type {
  ExternalTrtcRoom,
  OpenByAssetOptions,
  OpenByProjectOptions,
  OpenPhase,
  OpenProgress,
  OpenSessionOptions,
  VideoLayer,
} from './sessions/open-options'
export type { Playback } from './sessions/playback'
export { IvhSession, type SessionState } from './sessions/session'
export { SessionManager } from './sessions/session-manager'
export { sign, signedQuery, stringToSign } from './signing/sign-query'
export type { Transport, TransportRequest, TransportResponse } from './transport/transport'
