// The part of the protocol without zod. It loads with the client and runs in browsers.
export * from './codes'
export * from './css-push-url'
export * from './endpoints'
export * from './session-status'
