import { type EndpointName, endpointSchemas } from '@ivh-kit/core/protocol'
import type { ResolvedGatewayOptions } from '../options'
import type { Session, SessionRequest } from '../sessions/session'
import type { SessionStore } from '../sessions/session-store'
import { refuseOtherPictures } from './background-url'
import { check } from './check'
import { checkTrtcUserSig } from './check-trtc-user-sig'
import { commonRequest } from './create-request'
import { listedSession } from './listed-session'
import { Refusal } from './refusal'
import { emulatedTrtcSign } from './trtc-sign'

/** Takes the raw payload of a request, answers the payload of the response. */
export type Handler = (payload: unknown, fate?: Fate) => Record<string, unknown>

/** What a fault decides beforehand. */
export interface Fate {
  /** With this code; `true` stands for the one of an avatar that does not load. */
  readonly creationFails: true | number | undefined
}

/** Nobody says how long a UserId may be; what is kept of a session has an end. */
const longestUserId = 1_024

/** updatesessionconfig may be called once in so many milliseconds per session (1211/62119). */
const configSpacingMs = 5_000

/**
 * One handler per endpoint. The payload is checked with the protocol's own schema; what breaks it is
 * refused with 100001 and the field's name.
 */
export function createHandlers(
  store: SessionStore,
  options: ResolvedGatewayOptions,
): Record<EndpointName, Handler> {
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
    request: SessionRequest,
    payload: Parameters<typeof checkTrtcUserSig>[0] & {
      readonly ReqId: string
      readonly SessionId?: string | undefined
    },
    fate: Fate | undefined,
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
    const session = store.create(request, payload.SessionId, fate)
    return {
      ReqId: payload.ReqId,
      SessionId: session.id,
      SessionStatus: session.status,
      ...(session.playUrl !== undefined && { PlayStreamAddr: session.playUrl }),
    }
  }
  const list = (ReqId: string, belongs: (request: SessionRequest) => boolean) => ({
    ReqId,
    Sessions: store.inProgress
      .filter(({ request }) => belongs(request))
      .map((session) => listedSession(session, options.region)),
  })

  return {
    createSessionByAsset(raw, fate) {
      const payload = check(schemas.createSessionByAsset, raw)
      const avatar = payload.AssetVirtualmanKey
      return create({ ...commonRequest(payload), avatar, createType: 'asset' }, payload, fate)
    },
    createSession(raw, fate) {
      const payload = check(schemas.createSession, raw)
      const avatar = payload.VirtualmanProjectId
      return create({ ...commonRequest(payload), avatar, createType: 'project' }, payload, fate)
    },
    statSession(raw) {
      const { ReqId, SessionId } = check(schemas.session, raw)
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
      const { ReqId, SessionId } = check(schemas.session, raw)
      store.start(SessionId)
      return { ReqId }
    },
    closeSession(raw) {
      const { ReqId, SessionId } = check(schemas.session, raw)
      store.close(SessionId)
      return { ReqId }
    },
    listSessionOfUin(raw) {
      return list(check(schemas.listOfUin, raw).ReqId, () => true)
    },
    listSessionOfProjectId(raw) {
      const { ReqId, VirtualmanProjectId: id } = check(schemas.listOfProject, raw)
      return list(ReqId, ({ createType, avatar }) => createType === 'project' && avatar === id)
    },
    listSessionOfAssetVk(raw) {
      const { ReqId, AssetVirtualmanKey: key } = check(schemas.listOfAsset, raw)
      return list(ReqId, ({ createType, avatar }) => createType === 'asset' && avatar === key)
    },
    updateSessionConfig(raw) {
      const { ReqId, SessionId, SpaceParam, ImageParam } = check(schemas.config, raw)
      const session = store.findReady(SessionId)
      refuseOtherPictures(SpaceParam?.BackgroundUrl)
      const passed = options.clock.now() - session.configuredAt
      if (passed < configSpacingMs) {
        throw new Refusal(
          100012,
          `${passed} ms after the call before; one call in ${configSpacingMs} ms is allowed per session`,
        )
      }
      session.configuredAt = options.clock.now()
      store.configure(session, { SpaceParam, ImageParam })
      return { ReqId }
    },
    getTrtcSign(raw) {
      const { ReqId, SessionId, UserId, RoomId, StrRoomId } = check(schemas.trtcSign, raw)
      const session = store.findLive(SessionId)
      if (options.region === 'international' && RoomId === undefined) {
        throw new Refusal(100001, 'bad request parameter: Payload.RoomId is required (integer)')
      }
      refuseForeignRoom(session, UserId, String(RoomId ?? StrRoomId))
      const sign = emulatedTrtcSign(UserId, String(RoomId ?? StrRoomId), options.clock.now())
      return { ReqId, UserSig: sign.userSig, PrivateMapKey: sign.privateMapKey }
    },
    command(raw) {
      const { ReqId, SessionId, Data } = check(schemas.command, raw)
      const session = store.findReady(SessionId)
      if (!session.started) {
        throw new Refusal(110016, `session ${SessionId} was not started: call startsession first`)
      }
      const { Text: text = '', Interrupt: interrupt = false, VideoSeiInfo: seiData } = Data
      session.speaker.text(ReqId, { text, interrupt, seiData })
      store.touch(session)
      return { ReqId }
    },
  }
}

/** Credentials are for others than the avatar, and only for its room in the platform's own TRTC app. */
function refuseForeignRoom(session: Session, userId: string, room: string): void {
  const { protocol, trtcExternalApp, userId: avatar } = session.request
  if (protocol !== 'trtc' || trtcExternalApp) {
    throw new Refusal(
      100001,
      `session ${session.id} is not in the platform's TRTC app: gettrtcsign signs for that one only`,
    )
  }
  if (userId === avatar) {
    throw new Refusal(
      100001,
      'bad request parameter: Payload.UserId is the avatar’s own; a second client with it would put the avatar out of the room',
    )
  }
  if (room !== session.trtcRoom) {
    throw new Refusal(
      100001,
      `bad request parameter: Payload.RoomId or StrRoomId must be ${session.trtcRoom}, the room of ${session.id}`,
    )
  }
}
