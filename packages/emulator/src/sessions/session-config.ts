import { reasonOf } from '@ivh-kit/kernel'
import type { EventLog } from '../record/event-log'
import { movedPicture } from '../wire/picture-request'
import { withoutSecrets } from '../wire/redact'
import type { EmulatedSession } from './emulated-session'

/** The settings of updatesessionconfig. */
export interface SessionConfig {
  readonly SpaceParam: Parameters<typeof movedPicture>[1] | undefined
  readonly ImageParam: object | undefined
}

/** Stores the settings of updatesessionconfig in the session. */
export function storeConfig(
  session: EmulatedSession,
  { ImageParam, SpaceParam }: SessionConfig,
): void {
  session.config = {
    ...session.config,
    ...(SpaceParam && { SpaceParam }),
    ...(ImageParam && { ImageParam }),
  }
}

/** Changes the picture of a session with a media plane. Settings without effect go to the event log. */
export function showConfig(
  session: EmulatedSession,
  { ImageParam, SpaceParam }: SessionConfig,
  events: EventLog,
): void {
  if (ImageParam) addUndrawn(session, ['ImageParam (of 3D avatars)'], events)
  if (!SpaceParam) return
  session.picture = movedPicture(session.picture, SpaceParam)
  const { human } = session
  if (!human?.show) {
    addUndrawn(session, ['SpaceParam (the media plane cannot change a picture)'], events)
    return
  }
  human.show(session.picture).then(
    (problems) => addUndrawn(session, problems, events),
    (error: unknown) => addUndrawn(session, [`SpaceParam (${reasonOf(error)})`], events),
  )
}

/** Adds accepted settings that have no effect on the picture. Each is logged once. */
export function addUndrawn(
  session: EmulatedSession,
  settings: readonly string[],
  events: EventLog,
): void {
  const added = settings.map(withoutSecrets).filter((text) => !session.notDrawn.includes(text))
  session.notDrawn = [...session.notDrawn, ...added]
  warnUndrawn(session, added, events)
}

/** Logs accepted settings that have no effect on the picture. */
export function warnUndrawn(
  session: EmulatedSession,
  settings: readonly string[],
  events: EventLog,
): void {
  if (settings.length === 0) return
  events.warn('session', `accepted but not drawn: ${settings.join('; ')}`, session.id)
}
