export { configErrorOf } from './config-error-of'
export { createFakeClock } from './fake-clock'
export { RecordingLogger } from './recording-logger'
