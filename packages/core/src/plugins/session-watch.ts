import { type Clock, redact, redactCause } from '@ivh-kit/kernel'
import type { PluginEvent, PluginEventMap } from '../contracts/observation'
import type { IvhPlugin } from '../contracts/plugin'
import type { IvhSession } from '../contracts/session'
import type { SpeechHandle } from '../contracts/speech'
import { sessionEvent } from './diagnostics'
import type { RunObserver } from './run-observer'

/** An utterance as observers see it. */
export type ObservedUtterance = Pick<SpeechHandle, 'started' | 'finished'> & {
  readonly kind: PluginEventMap['speech-queued']['kind']
}

export type SessionWatchers = ReturnType<typeof createSessionWatchers>

/** Reports session events to plugins with `onEvent` and to subscribers of `diagnostics_channel`. */
export function createSessionWatchers(parts: {
  readonly plugins: readonly IvhPlugin[]
  readonly runObserver: RunObserver
  readonly clock: Clock
}) {
  const { runObserver, clock } = parts
  const plugins = parts.plugins.filter(({ onEvent }) => onEvent)
  const opened = new WeakSet<IvhSession>()
  let utterances = 0

  const anyone = () => plugins.length > 0 || sessionEvent.hasSubscribers
  const report = (session: IvhSession, event: PluginEvent) => {
    if (!anyone() || !opened.has(session)) return
    if (sessionEvent.hasSubscribers) {
      const { id, userId } = session
      sessionEvent.publish({ sessionId: id, userId, event: withoutSecrets(event) })
    }
    for (const plugin of plugins) {
      runObserver(plugin.name, 'onEvent', () => plugin.onEvent?.(event, session))
    }
  }

  return {
    /** True when there is an observer. */
    get anyone() {
      return anyone()
    },
    report,
    /** Reports `opened`. Only sessions that were opened report further events. */
    opened(session: IvhSession, detail: PluginEventMap['opened']): void {
      opened.add(session)
      report(session, { type: 'opened', detail })
    },
    /** Reports the events of an utterance, until its end. */
    speech(session: IvhSession, { kind, started, finished }: ObservedUtterance): void {
      if (!anyone()) return
      utterances += 1
      const speechId = utterances
      const queuedAt = clock.now()
      const finish = (interrupted: boolean, error?: unknown) => {
        const detail = { speechId, durationMs: clock.now() - queuedAt, interrupted, error }
        report(session, { type: 'speech-finished', detail })
      }
      report(session, { type: 'speech-queued', detail: { speechId, kind } })
      started.then(
        (hasStarted) => {
          const detail = { speechId, latencyMs: clock.now() - queuedAt }
          if (hasStarted) report(session, { type: 'speech-started', detail })
        },
        () => {},
      )
      finished.then(
        ({ interrupted }) => finish(interrupted),
        (error: unknown) => finish(false, error),
      )
    },
  }
}

/** Redacts the members that hold text of the service or of the application. */
function withoutSecrets(event: PluginEvent): PluginEvent {
  switch (event.type) {
    case 'message':
      return { ...event, detail: { message: redactObject(event.detail.message) } }
    case 'speech-finished':
      return { ...event, detail: { ...event.detail, error: redactCause(event.detail.error) } }
    default:
      return event
  }
}

/** `redact` copies every member and replaces texts by texts, so the type stays the same. */
function redactObject<Value extends object>(value: Value): Value {
  return redact(value) as Value
}
