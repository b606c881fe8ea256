/** Injection token of the demo's configuration. */
export const DEMO_CONFIG = Symbol('demo config')
