/// <reference path="./tls-sig-api-v2.d.ts" />
import { loadPeer } from '../optional-peer'

/** The privileges of a room (647/32240): create, enter, send and receive audio, video and screens. */
export const allPrivileges = 255
/** The privileges of a viewer: enter, receive audio, receive video. */
export const viewerPrivileges = 2 + 8 + 32

/** The two credentials of a user for a room. Both are secrets. */
export interface TrtcCredentials {
  readonly userSig: string
  readonly privateMapKey: string
}

/** Signs credentials with the secret key of a TRTC application. Lifetimes are seconds from now. */
export type TrtcSigner = (
  userId: string,
  room: number | string,
  privileges: number,
  expiresIn: number,
) => TrtcCredentials

/**
 * Loads the vendor's implementation, `tls-sig-api-v2`. It uses the system clock.
 *
 * @throws IvhConfigError when it is not installed.
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
