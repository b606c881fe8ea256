import { IvhConfigError } from '@ivh-kit/kernel'
import { Hono, type MiddlewareHandler } from 'hono'
import * as z from 'zod'
import { isMovable, maxAdvanceMs } from '../clock'
import type { PlannedFault } from '../faults/fault'
import { faultKinds } from '../faults/fault-kinds'
import { faultTargets } from '../faults/fault-targets'
import type { CallLog } from '../record/call-log'
import type { EventLog } from '../record/event-log'
import type { SessionStore } from '../sessions/session-store'
import { statusPage } from '../status-page'
import { Refusal } from '../wire/refusal'
import type { Carrier } from './carrier'
import type { Gateway } from './gateway'
import { liveStream } from './live-stream'

export interface ControlParts {
  readonly gateway: Gateway
  readonly store: SessionStore
  readonly calls: CallLog
  readonly events: EventLog
}

/** The variables of a request: its body as text. */
export interface ControlEnv {
  readonly Variables: { readonly body: string }
}

/** Full path of the restart call. */
export const restartPath = '/__emulator/restart'

const restartSchema = z.strictObject({ keepSessions: z.boolean() })
const advanceSchema = z.strictObject({ milliseconds: z.number().min(0).max(maxAdvanceMs) })

/**
 * The control API at `/__emulator/`: reads the record, plans faults, and moves the clock. Requests and
 * responses are JSON.
 */
export function controlApi(parts: ControlParts): Hono<ControlEnv> {
  const { gateway, store } = parts
  const { clock } = gateway
  const time = () => ({ now: clock.now(), movable: isMovable(clock) })
  const app = new Hono<ControlEnv>()
  app.get('/', statusPage('index.html'))
  app.get('/page.css', statusPage('page.css'))
  app.get('/nodes.js', statusPage('nodes.js'))
  app.get('/page.js', statusPage('page.js'))
  app.get('/stream', (c) => liveStream(c, parts))

  app.get('/sessions', (c) => c.json({ sessions: gateway.sessions }))
  app.get('/calls', (c) => c.json({ calls: gateway.calls }))
  app.get('/events', (c) => c.json({ events: gateway.events }))
  app.get('/clock', (c) => c.json(time()))
  app.get('/faults', (c) => c.json({ pending: gateway.faults.pending }))
  app.get('/fault-kinds', (c) => c.json({ targets: faultTargets, kinds: faultKinds }))

  app.delete('/faults', (c) => {
    gateway.faults.clear()
    return c.json({ pending: [] })
  })
  app.post('/faults', (c) => {
    try {
      // `plan()` validates the faults.
      const faults: readonly PlannedFault[] = JSON.parse(c.get('body'))
      gateway.faults.plan(faults)
    } catch (error) {
      if (error instanceof SyntaxError) return c.json({ error: 'the body is not JSON' }, 400)
      if (error instanceof IvhConfigError) return c.json({ error: error.message }, 400)
      throw error
    }
    return c.json({ pending: gateway.faults.pending })
  })
  app.post('/restart', async (c) => {
    const options = restartSchema.safeParse(readJson(c.get('body')))
    if (!options.success) return c.json({ error: 'send {"keepSessions": true} or false' }, 400)
    await gateway.restart(options.data)
    return c.json({ restarted: true })
  })
  app.post('/reset', async (c) => {
    await gateway.reset()
    return c.json({ reset: true })
  })
  app.post('/clock/advance', async (c) => {
    const by = advanceSchema.safeParse(readJson(c.get('body')))
    if (!by.success) {
      return c.json({ error: `send {"milliseconds": 60000}; at most ${maxAdvanceMs}` }, 400)
    }
    if (!isMovable(clock)) {
      return c.json({ error: 'the clock of this emulator cannot be moved' }, 409)
    }
    await clock.advance(by.data.milliseconds)
    return c.json(time())
  })
  app.post('/sessions/:id/close', (c) => {
    try {
      store.close(c.req.param('id'))
      return c.json({ closed: true })
    } catch (error) {
      if (error instanceof Refusal) return c.json({ error: error.message }, 404)
      throw error
    }
  })
  return app
}

function readJson(body: string): unknown {
  try {
    return JSON.parse(body)
  } catch {
    return undefined
  }
}

/**
 * Refuses requests of other pages in the same browser, and of pages whose name points to this machine (DNS
 * rebinding).
 */
export function refuseForeignPages({ mayControl }: Carrier): MiddlewareHandler {
  return async (c, next) => {
    const origin = c.req.header('origin')
    const host = c.req.header('host')
    if (host === undefined) return next()
    if (!mayControl(host)) {
      const error = `${host} is not a name of this machine: use localhost or 127.0.0.1, or add the name to controlHosts (--control-hosts)`
      return c.json({ error }, 403)
    }
    if (origin !== undefined && !origin.endsWith(`//${host}`)) {
      return c.json({ error: `a page of ${origin} may not control the emulator` }, 403)
    }
    return next()
  }
}
