import { Hono } from 'hono'
import type { Clock } from '../clock'
import type { PlannedFault } from '../faults/fault'
import type { Gateway } from './gateway'

/** `/__emulator/`: what happened, to read, and what shall go wrong, to write. JSON both ways. */
export function controlApi(gateway: Gateway, clock: Clock): Hono {
  const app = new Hono()
  app.get('/sessions', (c) => c.json({ sessions: gateway.sessions }))
  app.get('/calls', (c) => c.json({ calls: gateway.calls }))
  app.get('/events', (c) => c.json({ events: gateway.events }))
  app.get('/clock', (c) => c.json({ now: clock.now() }))
  app.get('/faults', (c) => c.json({ pending: gateway.faults.pending }))
  app.delete('/faults', (c) => {
    gateway.faults.clear()
    return c.json({ pending: [] })
  })
  app.post('/faults', async (c) => {
    try {
      // The plan checks it itself and says what is wrong with it.
      const faults: readonly PlannedFault[] = await c.req.json()
      gateway.faults.plan(faults)
    } catch (error) {
      if (error instanceof SyntaxError) return c.json({ error: 'the body is not JSON' }, 400)
      if (error instanceof TypeError) return c.json({ error: error.message }, 400)
      throw error
    }
    return c.json({ pending: gateway.faults.pending })
  })
  return app
}
