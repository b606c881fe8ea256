import { type EndpointName, endpoints, explainIssues } from '@ivh-kit/core/protocol'
import type { ResolvedGatewayOptions } from '../options'
import type { SessionRequest } from '../sessions/session'
import type { SessionStore } from '../sessions/session-store'
import { Refusal } from './refusal'

/** Takes the raw payload of a request, answers the payload of the response. */
export type Handler = (payload: unknown) => Record<string, unknown>

/** Roughly how fast an unhurried voice speaks; the mouth moves for so long per character. */
const millisecondsPerCharacter = 70

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
    createSession: endpoints.createSession.request(context),
    createSessionByAsset: endpoints.createSessionByAsset.request(context),
    session: endpoints.statSession.request(),
    command: endpoints.command.request(),
  }

  const create = (request: SessionRequest, reqId: string, givenId: string | undefined) => {
    const session = store.create(request, givenId)
    return {
      ReqId: reqId,
      SessionId: session.id,
      SessionStatus: session.status,
      ...(session.playUrl !== undefined && { PlayStreamAddr: session.playUrl }),
    }
  }

  return {
    createSessionByAsset(raw) {
      const payload = check(schemas.createSessionByAsset, raw)
      const request = {
        ...commonRequest(payload),
        avatar: payload.AssetVirtualmanKey,
        createType: 'asset',
      } as const
      return create(request, payload.ReqId, payload.SessionId)
    },
    createSession(raw) {
      const payload = check(schemas.createSession, raw)
      const request = {
        ...commonRequest(payload),
        avatar: payload.VirtualmanProjectId,
        createType: 'project',
      } as const
      return create(request, payload.ReqId, payload.SessionId)
    },
    statSession(raw) {
      const { ReqId, SessionId } = check(schemas.session, raw)
      const session = store.find(SessionId)
      return {
        ReqId,
        SessionStatus: session.status,
        ...(session.playUrl !== undefined && { PlayStreamAddr: session.playUrl }),
        SpeakStatus: session.speakStatus(options.clock.now()),
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
    command(raw) {
      const { ReqId, SessionId, Data } = check(schemas.command, raw)
      const session = store.findReady(SessionId)
      if (!session.started) throw new Refusal(110016, 'call startsession first')
      store.touch(session)
      const now = options.clock.now()
      if (Data.Text) session.speak(now, [...Data.Text].length * millisecondsPerCharacter)
      else if (Data.Interrupt) session.hush(now)
      return { ReqId }
    },
  }
}

interface CreatePayload {
  readonly UserId: string
  readonly Protocol: SessionRequest['protocol']
  readonly DriverType: SessionRequest['driverType']
  readonly ProtocolOption?:
    | {
        readonly CssCustomPushUrl?: string | undefined
        readonly TrtcRoomId?: number | undefined
        readonly TrtcStrRoomId?: string | undefined
      }
    | undefined
}

function commonRequest(payload: CreatePayload) {
  return {
    userId: payload.UserId,
    protocol: payload.Protocol,
    driverType: payload.DriverType,
    pushUrl: payload.ProtocolOption?.CssCustomPushUrl,
    // The numeric room wins when both are given (1211/62103, 1240/100388).
    trtcRoom:
      payload.ProtocolOption?.TrtcRoomId?.toString() ?? payload.ProtocolOption?.TrtcStrRoomId,
  }
}

interface Schema<Output> {
  safeParse(
    value: unknown,
  ):
    | { success: true; data: Output }
    | { success: false; error: Parameters<typeof explainIssues>[0] }
}

function check<Output>(schema: Schema<Output>, payload: unknown): Output {
  const result = schema.safeParse(payload)
  if (result.success) return result.data
  const [first] = explainIssues(result.error)
  throw new Refusal(
    100001,
    first ? `bad request parameter: ${first.path} ${first.message}` : 'bad request',
  )
}
