import type { HttpBindings } from '@hono/node-server'

/** Environment of the origin's Hono routes: the Node request and response are bindings. */
export type OriginEnv = { Bindings: HttpBindings }
