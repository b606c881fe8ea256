import { redact } from '@ivh-kit/kernel'
import { IvhConfigError } from '../../errors'
import { type CreateDraft, definePlugin, type IvhPlugin } from '../plugin'
import {
  anyRoom,
  checkLife,
  checkRoom,
  checkSdkAppId,
  checkSecretKey,
  checkTrtcUserId,
} from './checks'
import { readRoomState, writeRoomState } from './room-state'
import { allPrivileges, loadTrtcSigner, type TrtcSigner, viewerPrivileges } from './trtc-signer'

export interface TrtcRoomOptions {
  /** SDKAppID of your TRTC application. */
  readonly sdkAppId: number
  /** SDKSecretKey of that application; a secret, which stays on the server. */
  readonly secretKey: string
  /**
   * Chooses the room of a session: a number, 1–4294967294, or a text. Rooms belong to the whole
   * application, so no two sessions may share one. Default: a random number.
   */
  readonly room?: ((session: { readonly userId: string }) => number | string) | undefined
  /**
   * Life of the digital human's credentials in seconds. It should outlast the session, so that a lost
   * connection can be made again. Default 86 400.
   */
  readonly avatarExpiresIn?: number | undefined
  /** Life of a viewer's credentials in seconds; it needs to last until the viewer has entered. Default 3 600. */
  readonly viewerExpiresIn?: number | undefined
}

/**
 * With this a page enters the room: `trtc.enterRoom({ ...viewer, scene, role })` of `trtc-sdk-v5`. It
 * belongs to one user and is a secret: `console.log` hides its credentials, JSON has them.
 */
export type TrtcViewer = {
  readonly sdkAppId: number
  readonly userId: string
  readonly userSig: string
  readonly privateMapKey: string
} & ({ readonly roomId: number } | { readonly strRoomId: string })

/** The room of a session: `session.extension(trtc)`. */
export interface TrtcRoom {
  readonly sdkAppId: number
  /** A number and a text of the same digits are different rooms. */
  readonly room: number | string
  /** Whom to watch: the digital human is in the room as this user. */
  readonly avatarUserId: string
  /**
   * Fresh credentials with which a user may enter, watch and listen, but not send.
   *
   * @throws IvhConfigError unless the id has 1–32 letters, digits, `_` and `-`, and is not the digital
   * human's own: that would throw the human out of the room (1240/100388).
   */
  viewer(userId: string): TrtcViewer
}

/**
 * Sessions with `protocol: 'trtc'` go to rooms of your own TRTC application, as production needs: adds
 * the room with a UserSig and a PrivateMapKey to the create request, and makes those of viewers. They
 * are made by the vendor's `tls-sig-api-v2`, an optional peer that is loaded with the first such session.
 * It takes the time from the system clock and cannot be given another, so the client's `clock` and its
 * correction of a wrong clock do not reach these credentials: keep the machine's clock right.
 *
 * Other sessions, and those that bring their own `trtc` option, are left alone. A session that is
 * resumed has its room again when `session.pluginState` was stored.
 *
 * @throws IvhConfigError when an option cannot be.
 * @example
 * const trtc = trtcRoom({ sdkAppId: 1400000000, secretKey })
 * const ivh = createIvhClient({ plugins: [trtc] })
 * const session = await ivh.sessions.open({ assetVirtualmanKey, userId: 'kiosk-17', protocol: 'trtc' })
 * const forThePage = session.extension(trtc)?.viewer('visitor-42')
 */
export function trtcRoom(options: TrtcRoomOptions): IvhPlugin<TrtcRoom> {
  const sdkAppId = checkSdkAppId(options.sdkAppId)
  const secretKey = checkSecretKey(options.secretKey)
  const avatarExpiresIn = checkLife('avatarExpiresIn', options.avatarExpiresIn ?? 86_400)
  const viewerExpiresIn = checkLife('viewerExpiresIn', options.viewerExpiresIn ?? 3_600)

  const roomOf = (sign: TrtcSigner, room: number | string, avatarUserId: string): TrtcRoom => ({
    sdkAppId,
    room,
    avatarUserId,
    viewer(userId) {
      if (userId === avatarUserId) throw ownUserId(userId)
      const credentials = sign(checkTrtcUserId(userId), room, viewerPrivileges, viewerExpiresIn)
      const place = typeof room === 'number' ? { roomId: room } : { strRoomId: room }
      return hiddenInLogs({ sdkAppId, userId, ...credentials, ...place })
    },
  })

  return definePlugin<TrtcRoom>({
    name: 'trtc-room',
    async onOpen(draft) {
      if (draft.Protocol !== 'trtc' || hasOwnRoom(draft)) return undefined
      const userId = checkTrtcUserId(draft.UserId)
      const room = checkRoom(options.room ? options.room({ userId }) : anyRoom())
      const sign = await loadTrtcSigner(sdkAppId, secretKey)
      const { privateMapKey, userSig } = sign(userId, room, allPrivileges, avatarExpiresIn)
      return {
        request: {
          ...draft,
          ProtocolOption: {
            ...draft.ProtocolOption,
            TrtcUseExternalApp: true,
            TrtcAppId: String(sdkAppId),
            ...(typeof room === 'number' ? { TrtcRoomId: room } : { TrtcStrRoomId: room }),
            TrtcUserSig: userSig,
            TrtcPrivateMapKey: privateMapKey,
          },
        },
        extension: roomOf(sign, room, userId),
        state: writeRoomState({ room, avatarUserId: userId }),
      }
    },
    async onResume({ state }) {
      if (state === undefined) return undefined
      const { avatarUserId, room } = readRoomState(state)
      return { extension: roomOf(await loadTrtcSigner(sdkAppId, secretKey), room, avatarUserId) }
    },
  })
}

function hasOwnRoom({ ProtocolOption }: CreateDraft): boolean {
  return ProtocolOption?.TrtcUseExternalApp !== undefined || ProtocolOption?.TrtcAppId !== undefined
}

function ownUserId(userId: string): IvhConfigError {
  return new IvhConfigError(`The viewer was given the digital human's own user id "${userId}"`, {
    hint: 'It would throw the digital human out of the room; give every viewer an id of its own.',
  })
}

/** Not enumerable: neither JSON nor a copy has it. */
function hiddenInLogs<Value extends object>(value: Value): Value {
  return Object.defineProperty(value, Symbol.for('nodejs.util.inspect.custom'), {
    value: () => redact(value),
  })
}
