import type { Clock } from '@ivh-kit/kernel'
import { redact, redactCause } from '@ivh-kit/kernel'
import type { IvhSession } from '../sessions/session'
import type { Utterance } from '../speech/utterance/utterance'
import { sessionEvent } from './diagnostics'
import type { IvhPlugin } from './plugin'
import type { PluginEvent, PluginEventMap } from './plugin-event'
import type { RunObserver } from './run-observer'

/** Those who look on at sessions: plugins with `onEvent`, and whoever subscribed to the channel. */
export interface SessionWatchers {
  readonly anyone: boolean
  /** From now on its events are told. */
  opened(session: IvhSession, detail: PluginEventMap['opened']): void
  tell(session: IvhSession, event: PluginEvent): void
  /** Tells of an utterance, until its end. */
  speech(session: IvhSession, utterance: Utterance): void
}

export function createSessionWatchers(parts: {
  readonly plugins: readonly IvhPlugin[]
  readonly runObserver: RunObserver
  readonly clock: Clock
}): SessionWatchers {
  const { runObserver, clock } = parts
  const plugins = parts.plugins.filter(({ onEvent }) => onEvent)
  /** So that `closed` is told of those sessions alone of which `opened` was. */
  const told = new WeakSet<IvhSession>()
  let utterances = 0

  const watchers: SessionWatchers = {
    get anyone() {
      return plugins.length > 0 || sessionEvent.hasSubscribers
    },
    opened(session, detail) {
      told.add(session)
      watchers.tell(session, { type: 'opened', detail })
    },
    tell(session, event) {
      if (!watchers.anyone || !told.has(session)) return
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
        watchers.tell(session, { type: 'speech-finished', detail })
      }
      watchers.tell(session, { type: 'speech-queued', detail: { speechId, kind } })
      utterance.started.then(
        (heard) => {
          const detail = { speechId, latencyMs: clock.now() - queuedAt }
          if (heard) watchers.tell(session, { type: 'speech-started', detail })
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

/** Most of it is made here and holds none; what others said, and what a source of theirs threw, may. */
function withoutSecrets(event: PluginEvent): PluginEvent {
  switch (event.type) {
    case 'message':
      return { ...event, detail: { message: hideSecrets(event.detail.message) } }
    case 'speech-finished':
      return { ...event, detail: { ...event.detail, error: redactCause(event.detail.error) } }
    default:
      return event
  }
}

/** `redact` copies every member and puts texts in the place of texts. */
function hideSecrets<Value extends object>(value: Value): Value {
  return redact(value) as Value
}
