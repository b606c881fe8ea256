import { checkRoom, checkTrtcUserId } from './checks'

/** The facts that are needed to admit more viewers to a session. */
export interface RoomState {
  readonly room: number | string
  readonly avatarUserId: string
}

export function writeRoomState({ room, avatarUserId }: RoomState): string {
  return JSON.stringify({ room, avatarUserId })
}

/** @throws Error unless {@link writeRoomState} wrote the state; IvhConfigError for a wrong room or id. */
export function readRoomState(state: string): RoomState {
  const stored: unknown = JSON.parse(state)
  const known = typeof stored === 'object' && stored !== null
  if (known && 'room' in stored && 'avatarUserId' in stored) {
    const { room, avatarUserId } = stored
    const isRoom = typeof room === 'number' || typeof room === 'string'
    if (isRoom && typeof avatarUserId === 'string') {
      return { room: checkRoom(room), avatarUserId: checkTrtcUserId(avatarUserId) }
    }
  }
  throw new Error('the stored state was not written by trtcRoom')
}
