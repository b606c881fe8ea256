import { namesCheck, redact } from '@ivh-kit/kernel'
import { type CreateDraft, definePlugin, type IvhPlugin } from '../../contracts/plugin'
import { IvhConfigError } from '../../errors'
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
  /** The SDKAppID of your TRTC application. */
  readonly sdkAppId: number
  /** The SDKSecretKey of that application. A secret: keep it on the server. */
  readonly secretKey: string
  /**
   * Returns the room of a session: a number, 1–4294967294, or a text. Rooms belong to the whole
   * application, so two sessions must not share one. Default: a random number.
   */
  readonly room?: ((session: { readonly userId: string }) => number | string) | undefined
  /**
   * Lifetime of the digital human's credentials in seconds. It should outlast the session, so that a lost
   * connection can be opened again. Default 86 400.
   */
  readonly avatarExpiresIn?: number | undefined
  /** Lifetime of a viewer's credentials in seconds, until the viewer enters. Default 3 600. */
  readonly viewerExpiresIn?: number | undefined
}

/**
 * Credentials for a page to enter the room: `trtc.enterRoom({ ...viewer, scene, role })` of `trtc-sdk-v5`.
 * They belong to one user and are secret: `console.log` hides them, JSON includes them.
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
  /** A number and a text with the same digits are different rooms. */
  readonly room: number | string
  /** The UserId of the digital human in the room. */
  readonly avatarUserId: string
  /**
   * Returns new credentials for a user to enter, watch and listen, but not send.
   *
   * @throws IvhConfigError unless the id has 1–32 letters, digits, `_` and `-` and differs from the digital
   * human's own, which would remove the human from the room (1240/100388).
   */
  viewer(userId: string): TrtcViewer
}

const checkTrtcNames = namesCheck<TrtcRoomOptions>('trtcRoom', {
  sdkAppId: true,
  secretKey: true,
  room: true,
  avatarExpiresIn: true,
  viewerExpiresIn: true,
})

/**
 * Creates the plugin that streams sessions with `protocol: 'trtc'` to rooms of your own TRTC application, which
 * production requires. It adds the room with a UserSig and a PrivateMapKey to the create request, and creates
 * credentials for viewers. The vendor's `tls-sig-api-v2`, an optional peer, signs them; it loads with the
 * first such session. It always uses the system clock: the client's `clock` and clock correction have no
 * effect on these credentials.
 *
 * Other sessions, and sessions with their own `trtc` option, are not changed. A resumed session has its room
 * again when its `session.pluginState` was stored.
 *
 * @throws IvhConfigError for a wrong option.
 * @example
 * const trtc = trtcRoom({ sdkAppId: 1400000000, secretKey })
 * const ivh = createIvhClient({ plugins: [trtc] })
 * const session = await ivh.sessions.open({ assetVirtualmanKey, userId: 'kiosk-17', protocol: 'trtc' })
 * const forThePage = session.extension(trtc)?.viewer('visitor-42')
 */
export function trtcRoom(options: TrtcRoomOptions): IvhPlugin<TrtcRoom> {
  checkTrtcNames(options)
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
    hint: 'A viewer with this id would remove the digital human from the room. Give every viewer its own id.',
  })
}

/**
 * Hides the secrets of a value in logs. The custom inspection is not enumerable, so JSON and copies do not
 * have it.
 */
function hiddenInLogs<Value extends object>(value: Value): Value {
  return Object.defineProperty(value, Symbol.for('nodejs.util.inspect.custom'), {
    value: () => redact(value),
  })
}
