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

/** Reports session events to plugins with `onEvent` and to subscribers of `diagnostics_channel`. */
export interface SessionWatchers {
  /** True when there is an observer. */
  readonly anyone: boolean
  /** Reports `opened`. Only sessions that were opened report further events. */
  opened(session: IvhSession, detail: PluginEventMap['opened']): void
  report(session: IvhSession, event: PluginEvent): void
  /** Reports the events of an utterance, until its end. */
  speech(session: IvhSession, utterance: ObservedUtterance): void
}

export function createSessionWatchers(parts: {
  readonly plugins: readonly IvhPlugin[]
  readonly runObserver: RunObserver
  readonly clock: Clock
}): SessionWatchers {
  const { runObserver, clock } = parts
  const plugins = parts.plugins.filter(({ onEvent }) => onEvent)
  const opened = new WeakSet<IvhSession>()
  let utterances = 0

  const watchers: SessionWatchers = {
    get anyone() {
      return plugins.length > 0 || sessionEvent.hasSubscribers
    },
    opened(session, detail) {
      opened.add(session)
      watchers.report(session, { type: 'opened', detail })
    },
    report(session, event) {
      if (!watchers.anyone || !opened.has(session)) return
      if (sessionEvent.hasSubscribers) {
        const { id, userId } = session
        sessionEvent.publish({ sessionId: id, userId, event: withoutSecrets(event) })
      }
      for (const plugin of plugins) {
        runObserver(plugin.name, 'onEvent', () => plugin.onEvent?.(event, session))
      }
    },
    speech(session, utterance) {
      if (!watchers.anyone) return
      utterances += 1
      const speechId = utterances
      const queuedAt = clock.now()
      const { kind } = utterance
      const finish = (interrupted: boolean, error?: unknown) => {
        const detail = { speechId, durationMs: clock.now() - queuedAt, interrupted, error }
        watchers.report(session, { type: 'speech-finished', detail })
      }
      watchers.report(session, { type: 'speech-queued', detail: { speechId, kind } })
      utterance.started.then(
        (started) => {
          const detail = { speechId, latencyMs: clock.now() - queuedAt }
          if (started) watchers.report(session, { type: 'speech-started', detail })
        },
        () => {},
      )
      utterance.finished.then(
        ({ interrupted }) => finish(interrupted),
        (error: unknown) => finish(false, error),
      )
    },
  }
  return watchers
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
