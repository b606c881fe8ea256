import { endpointSchemas } from '@ivh-kit/core/internal/protocol'
import type { ResolvedGatewayOptions } from '../options'
import type { CreationFault, EmulatedSession, SessionSettings } from '../sessions/emulated-session'
import type { SessionStore } from '../sessions/session-store'
import { checkBackgroundUrl } from '../wire/background-url'
import { checkTrtcUserSig } from '../wire/check-trtc-user-sig'
import type { EmulatedEndpoint } from '../wire/emulated-endpoints'
import type { PayloadReader } from '../wire/payload-reader'
import { Refusal } from '../wire/refusal'
import { emulatedTrtcSign } from '../wire/trtc-sign'
import { commonRequest } from './create-request'
import { listedSession } from './listed-session'

/** The circumstances of a call besides its payload. */
export interface CallContext {
  readonly creationFailed: CreationFault
  /** The origin of the foreign page that sent the call. */
  readonly page: string | undefined
}

/** Returns the payload of the response to the payload of a request. */
export type Handler = (payload: unknown, context: CallContext) => Record<string, unknown>

/** Maximum length of a UserId. No document gives a limit, but the emulator keeps every UserId in memory. */
const longestUserId = 1_024

/** Minimum time between two updatesessionconfig calls of one session, in milliseconds (1211/62119). */
const configSpacingMs = 5_000

/**
 * Creates one handler per endpoint. A payload that breaks the protocol's schema is refused with 100001 and
 * the names of the wrong fields. Unknown fields are accepted.
 */
export function createHandlers(
  store: SessionStore,
  options: ResolvedGatewayOptions,
  payloads: PayloadReader,
): Record<EmulatedEndpoint, Handler> {
  const context = { environment: options.environment, now: () => options.clock.now() }
  const schemas = {
    createSession: endpointSchemas.createSession.request(context),
    createSessionByAsset: endpointSchemas.createSessionByAsset.request(context),
    session: endpointSchemas.statSession.request(),
    listOfUin: endpointSchemas.listSessionOfUin.request(),
    listOfProject: endpointSchemas.listSessionOfProjectId.request(),
    listOfAsset: endpointSchemas.listSessionOfAssetVk.request(),
    config: endpointSchemas.updateSessionConfig.request(),
    trtcSign: endpointSchemas.getTrtcSign.request(),
    command: endpointSchemas.command.request(),
  }

  const create = (
    request: SessionSettings,
    payload: Parameters<typeof checkTrtcUserSig>[0] & {
      readonly ReqId: string
      readonly SessionId?: string | undefined
    },
    { creationFailed, page }: CallContext,
  ) => {
    if (request.userId.length > longestUserId) {
      throw new Refusal(
        100001,
        `bad request parameter: Payload.UserId must be at most ${longestUserId} characters, got ${request.userId.length}`,
      )
    }
    if (options.pushUrlRequired && request.pushUrl === undefined) {
      throw new Refusal(
        100001,
        'bad request parameter: Payload.ProtocolOption.CssCustomPushUrl is required (pushUrlRequired)',
      )
    }
    if (options.trtcUserSig === 'check') checkTrtcUserSig(payload, options.clock.now())
    const session = store.create(request, payload.SessionId, creationFailed, page)
    return {
      ReqId: payload.ReqId,
      SessionId: session.id,
      SessionStatus: session.status,
      ...(session.playUrl !== undefined && { PlayStreamAddr: session.playUrl }),
    }
  }
  const list = (ReqId: string, belongs: (request: SessionSettings) => boolean) => ({
    ReqId,
    Sessions: store.inProgress
      .filter(({ request }) => belongs(request))
      .map((session) => listedSession(session, options.region)),
  })

  return {
    createSessionByAsset(raw, context) {
      const payload = payloads.check(schemas.createSessionByAsset, raw)
      const avatar = payload.AssetVirtualmanKey
      return create({ ...commonRequest(payload), avatar, createType: 'asset' }, payload, context)
    },
    createSession(raw, context) {
      const payload = payloads.check(schemas.createSession, withProjectId(raw, payloads))
      const avatar = payload.VirtualmanProjectId
      return create({ ...commonRequest(payload), avatar, createType: 'project' }, payload, context)
    },
    statSession(raw) {
      const { ReqId, SessionId } = payloads.check(schemas.session, raw)
      const session = store.find(SessionId)
      return {
        ReqId,
        SessionStatus: session.status,
        ...(session.playUrl !== undefined && { PlayStreamAddr: session.playUrl }),
        SpeakStatus: session.speaker.status,
        IsSessionStarted: session.started,
        ErrorCode: session.errorCode,
        ErrorMessage: session.errorMessage,
        ...(session.closeType !== undefined && { CloseType: session.closeType }),
      }
    },
    startSession(raw) {
      const { ReqId, SessionId } = payloads.check(schemas.session, raw)
      store.start(SessionId)
      return { ReqId }
    },
    closeSession(raw) {
      const { ReqId, SessionId } = payloads.check(schemas.session, raw)
      store.close(SessionId)
      return { ReqId }
    },
    listSessionOfUin(raw) {
      return list(payloads.check(schemas.listOfUin, raw).ReqId, () => true)
    },
    listSessionOfProjectId(raw) {
      const { ReqId, VirtualmanProjectId: id } = payloads.check(schemas.listOfProject, raw)
      return list(ReqId, ({ createType, avatar }) => createType === 'project' && avatar === id)
    },
    listSessionOfAssetVk(raw) {
      const { ReqId, AssetVirtualmanKey: key } = payloads.check(schemas.listOfAsset, raw)
      return list(ReqId, ({ createType, avatar }) => createType === 'asset' && avatar === key)
    },
    updateSessionConfig(raw, { page }) {
      const { ReqId, SessionId, SpaceParam, ImageParam } = payloads.check(schemas.config, raw)
      const session = store.findReady(SessionId)
      checkBackgroundUrl(SpaceParam?.BackgroundUrl)
      const passed = options.clock.now() - session.configuredAt
      if (passed < configSpacingMs) {
        throw new Refusal(
          100012,
          `this call comes ${passed} ms after the previous one; one call in ${configSpacingMs} ms is allowed per session`,
        )
      }
      session.configuredAt = options.clock.now()
      store.configure(session, { SpaceParam, ImageParam }, page)
      return { ReqId }
    },
    getTrtcSign(raw) {
      const { ReqId, SessionId, UserId, RoomId, StrRoomId } = payloads.check(schemas.trtcSign, raw)
      const session = store.findLive(SessionId)
      if (options.region === 'international' && RoomId === undefined) {
        throw new Refusal(100001, 'bad request parameter: Payload.RoomId is required (integer)')
      }
      refuseForeignRoom(session, UserId, String(RoomId ?? StrRoomId))
      const sign = emulatedTrtcSign(UserId, String(RoomId ?? StrRoomId), options.clock.now())
      return { ReqId, UserSig: sign.userSig, PrivateMapKey: sign.privateMapKey }
    },
    command(raw) {
      const { ReqId, SessionId, Data } = payloads.check(schemas.command, raw)
      const session = store.findReady(SessionId)
      if (!session.started) {
        throw new Refusal(110016, `session ${SessionId} was not started: call startsession first`)
      }
      const { Text: text = '', Interrupt: interrupt = false, VideoSeiInfo: seiData } = Data
      session.speaker.text(ReqId, { text, interrupt, seiData })
      store.touch(session)
      return { ReqId }
    },
    describeActionConfigCommandDetail: () => ({ InteractContent: '' }),
  }
}

/** Accepts the project's old name: Tencent's browser SDK 5.0.4 sends `VirtualmanKey`. */
function withProjectId(payload: unknown, payloads: PayloadReader): unknown {
  if (typeof payload !== 'object' || payload === null) return payload
  if (!('VirtualmanKey' in payload) || 'VirtualmanProjectId' in payload) return payload
  const { VirtualmanKey, ...rest } = payload
  payloads.note('VirtualmanKey', 'VirtualmanKey as the old name of VirtualmanProjectId')
  return { ...rest, VirtualmanProjectId: VirtualmanKey }
}

/** Allows credentials only for viewers, and only for the session's room in the platform's TRTC app. */
function refuseForeignRoom(session: EmulatedSession, userId: string, room: string): void {
  const { protocol, trtcExternalApp, userId: avatar } = session.request
  if (protocol !== 'trtc' || trtcExternalApp) {
    throw new Refusal(
      100001,
      `session ${session.id} is not in the platform's TRTC app: gettrtcsign signs for that app only`,
    )
  }
  if (userId === avatar) {
    throw new Refusal(
      100001,
      'bad request parameter: Payload.UserId belongs to the avatar; a second client with it would remove the avatar from the room',
    )
  }
  if (room !== session.trtcRoom) {
    throw new Refusal(
      100001,
      `bad request parameter: Payload.RoomId or StrRoomId must be ${session.trtcRoom}, the room of ${session.id}`,
    )
  }
}
