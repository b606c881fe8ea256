export {
  type ConfigErrorCode,
  IvhConfigError,
  IvhError,
  type IvhErrorContext,
  type IvhErrorKind,
} from '@ivh-kit/kernel'
export { type ActiveSession, IvhApiError } from './api-error'
export {
  IvhAbortError,
  IvhPluginError,
  IvhResponseShapeError,
  IvhTimeoutError,
  IvhTransportError,
  IvhValidationError,
} from './call-errors'
export { httpStatusOf } from './http-status'
export { type AnyIvhError, isApiError, isIvhError } from './is-ivh-error'
export { IvhSessionError, type SessionFailure, type UnconfirmedRange } from './session-error'
