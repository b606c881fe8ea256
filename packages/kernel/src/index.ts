export { type Clock, monotonicClock, systemClock, type TimerOptions } from './clock'
export { brandError, isBranded } from './errors/brand'
export {
  type ConfigErrorCode,
  type ConfigErrorContext,
  IvhConfigError,
} from './errors/config-error'
export { addCleanup, IvhError, type IvhErrorContext, type IvhErrorKind } from './errors/ivh-error'
export { reasonOf } from './errors/reason-of'
export { checkDuration, checkSignal, checkWholeNumber, longestDelayMs } from './options/checks'
export { closestName } from './options/closest-name'
export { checkKnownOptions, namesCheck } from './options/known-options'
export {
  callback,
  checkOptions,
  duration,
  flag,
  type OptionRules,
  oneOf,
  port,
  ruleOf,
  text,
  textList,
  wholeNumber,
  withMethods,
} from './options/option-rules'
export { rememberSecret, rememberSecretsIn } from './redaction/known-secrets'
export { redactCause } from './redaction/redact-cause'
export { redactText } from './redaction/redact-text'
export { redact } from './redaction/redact-value'
