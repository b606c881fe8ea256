/// <reference path="./tls-sig-api-v2.d.ts" />
import { loadPeer } from '../optional-peer'

/** What a room lets a user do (647/32240): create, enter, send and receive sound, pictures and screens. */
export const allPrivileges = 255
/** Enter, receive sound, receive pictures. */
export const viewerPrivileges = 2 + 8 + 32

/** The two credentials with which a user enters a room. Both are secrets. */
export interface TrtcCredentials {
  readonly userSig: string
  readonly privateMapKey: string
}

/** Signs credentials with the secret key of a TRTC application; lives are seconds from now. */
export type TrtcSigner = (
  userId: string,
  room: number | string,
  privileges: number,
  expiresIn: number,
) => TrtcCredentials

/**
 * Loads the vendor's own implementation, `tls-sig-api-v2`. It takes the time from the system clock.
 *
 * @throws IvhConfigError when that is not installed.
 */
export async function loadTrtcSigner(sdkAppId: number, secretKey: string): Promise<TrtcSigner> {
  const { default: tls } = await loadPeer(
    'tls-sig-api-v2',
    'trtcRoom()',
    () => import('tls-sig-api-v2'),
  )
  const api = new tls.Api(sdkAppId, secretKey)
  return (userId, room, privileges, expiresIn) => ({
    userSig: api.genUserSig(userId, expiresIn),
    privateMapKey:
      typeof room === 'number'
        ? api.genPrivateMapKey(userId, expiresIn, room, privileges)
        : api.genPrivateMapKeyWithStringRoomID(userId, expiresIn, room, privileges),
  })
}
