export {
  type ConfigErrorCode,
  IvhConfigError,
  IvhError,
  type IvhErrorContext,
  type IvhErrorKind,
} from '@ivh-kit/kernel'
export * from './api-error'
export * from './call-errors'
export * from './http-status'
export * from './is-ivh-error'
export * from './session-error'
