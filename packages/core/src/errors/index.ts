export {
  type ConfigErrorCode,
  IvhConfigError,
  IvhError,
  type IvhErrorContext,
  type IvhErrorKind,
} from '@ivh-kit/kernel'
export { IvhAbortError } from './abort-error'
export { type ActiveSession, IvhApiError } from './api-error'
export { httpStatusOf } from './http-status'
export { isApiError } from './is-api-error'
export { type AnyIvhError, isIvhError } from './is-ivh-error'
export { IvhPluginError } from './plugin-error'
export { IvhResponseShapeError } from './response-shape-error'
export { IvhSessionError, type SessionFailure, type UnconfirmedRange } from './session-error'
export { IvhTimeoutError } from './timeout-error'
export { IvhTransportError } from './transport-error'
export { IvhValidationError } from './validation-error'
