import { reasonOf } from '@ivh-kit/kernel'
import type { MediaPicture } from '../media-plane'
import type { EventLog } from '../record/event-log'
import { movedPicture } from '../wire/picture-request'
import { withoutSecrets } from '../wire/redact'
import type { EmulatedSession } from './emulated-session'
import { withoutPrivateImages } from './foreign-images'

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

/**
 * Changes the picture of a session with a media plane. Settings without effect go to the event log. `page` is
 * the origin of a foreign page that sent the call.
 */
export function showConfig(
  session: EmulatedSession,
  { ImageParam, SpaceParam }: SessionConfig,
  events: EventLog,
  page?: string,
): void {
  if (ImageParam) addUndrawn(session, ['ImageParam (of 3D avatars)'], events)
  if (!SpaceParam) return
  const moved = movedPicture(session.picture, SpaceParam)
  if (page === undefined) {
    show(session, moved, events)
    return
  }
  // Nothing here rejects: a failed look-up leaves the image out.
  void withoutPrivateImages(moved, page).then(({ leftOut, picture }) => {
    addUndrawn(session, leftOut, events)
    if (session.live) show(session, picture, events)
  })
}

function show(session: EmulatedSession, picture: MediaPicture, events: EventLog): void {
  session.picture = picture
  const { human } = session
  if (!human?.show) {
    addUndrawn(session, ['SpaceParam (the media plane cannot change a picture)'], events)
    return
  }
  human.show(picture).then(
    (problems) => addUndrawn(session, problems, events),
    (error: unknown) => addUndrawn(session, [`SpaceParam (${reasonOf(error)})`], events),
  )
}

/** Removes the images from a session's picture that a foreign page must not make the emulator fetch. */
export async function leaveOutPrivateImages(
  session: EmulatedSession,
  page: string,
  events: EventLog,
): Promise<void> {
  const { leftOut, picture } = await withoutPrivateImages(session.picture, page)
  if (leftOut.length === 0) return
  session.picture = picture
  addUndrawn(session, leftOut, events)
}

/** Maximum number of kept settings without effect. */
const maxUndrawn = 100

/** Adds accepted settings that have no effect on the picture. Each is logged once. */
export function addUndrawn(
  session: EmulatedSession,
  settings: readonly string[],
  events: EventLog,
): void {
  const added = settings.map(withoutSecrets).filter((text) => !session.notDrawn.includes(text))
  session.notDrawn = [...session.notDrawn, ...added].slice(0, maxUndrawn)
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
