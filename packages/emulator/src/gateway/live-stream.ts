import type { Context } from 'hono'
import { streamSSE } from 'hono/streaming'
import type { EmulatorCall } from '../record/call-log'
import type { EmulatorEvent } from '../record/event-log'
import type { ControlParts } from './control-api'

/** Interval of the page's updates, in real milliseconds. */
const sessionsEveryMs = 250
/** Maximum number of queued messages for a page that has stopped reading. */
const maxWaiting = 1_000
const shownSessions = 300
const shownEntries = 200

/** Sends server-sent events: `state` (sessions, faults, time), `call` and `event`. */
export function liveStream(c: Context, { gateway, store, calls, events }: ControlParts): Response {
  return streamSSE(c, async (stream) => {
    const waiting: { event: string; data: string }[] = []
    let changed = true
    const push = (event: string, data: unknown) => {
      if (waiting.length < maxWaiting) waiting.push({ event, data: JSON.stringify(data) })
    }
    // Every change of a session comes with a call or an event.
    const onCall = (call: EmulatorCall) => {
      changed = true
      push('call', call)
    }
    const onEvent = (event: EmulatorEvent) => {
      changed = true
      if (event.kind !== 'speech') push('event', event)
    }
    const past = [
      ...gateway.calls
        .filter(({ outcome }) => outcome)
        .slice(-shownEntries)
        .map((call) => ({ at: call.at, send: () => onCall(call) })),
      ...gateway.events
        .filter(({ kind }) => kind !== 'speech')
        .slice(-shownEntries)
        .map((event) => ({ at: event.at, send: () => onEvent(event) })),
    ]
    for (const { send } of past.sort((a, b) => a.at - b.at)) send()
    calls.listeners.add(onCall)
    events.listeners.add(onEvent)
    let open = true
    stream.onAbort(() => {
      open = false
    })
    try {
      let sentFaults = ''
      while (open) {
        const faults = gateway.faults.pending
        const planned = JSON.stringify(faults)
        if (changed || planned !== sentFaults) {
          changed = false
          sentFaults = planned
          const sessions = store.latest(shownSessions).toReversed()
          const state = { now: gateway.clock.now(), sessions, faults }
          await stream.writeSSE({ event: 'state', data: JSON.stringify(state) })
        }
        for (const message of waiting.splice(0)) await stream.writeSSE(message)
        await stream.sleep(sessionsEveryMs)
      }
    } finally {
      calls.listeners.delete(onCall)
      events.listeners.delete(onEvent)
    }
  })
}
