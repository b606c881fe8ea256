// The part of the protocol without zod. It loads with the client and runs in browsers.
export {
  type CodeCategory,
  type CodeInfo,
  type DocumentedCode,
  describeCode,
  docsPathOf,
  errorCodes,
  type RetryClass,
  unknownCode,
} from './codes'
export { type CssPushUrl, type CssPushUrlResult, parseCssPushUrl } from './css-push-url'
export { type EndpointInfo, type EndpointName, endpoints } from './endpoints'
export { type CloseType, closeType, type SessionStatus, sessionStatus } from './session-status'
