/** Injection token of the demo's configuration. */
export const demoConfigToken = Symbol('demo config')
