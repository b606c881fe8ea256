import type { SessionRequest } from '../sessions/session'

/** `StreamMaxInterval` when a create does not name it (1240/100388). */
const defaultStreamMaxIntervalMs = 2_000

interface CreatePayload {
  readonly UserId: string
  readonly Protocol: SessionRequest['protocol']
  readonly DriverType: SessionRequest['driverType']
  readonly StreamMaxInterval?: number | undefined
  readonly ProtocolOption?:
    | {
        readonly CssCustomPushUrl?: string | undefined
        readonly TrtcUseExternalApp?: boolean | undefined
        readonly TrtcRoomId?: number | undefined
        readonly TrtcStrRoomId?: string | undefined
        readonly TrtcAutoGenRoomIdType?: 0 | 1 | undefined
      }
    | undefined
}

/** What the two create calls have in common. */
export function commonRequest({
  UserId,
  Protocol,
  DriverType,
  StreamMaxInterval,
  ProtocolOption = {},
}: CreatePayload) {
  return {
    userId: UserId,
    protocol: Protocol,
    driverType: DriverType,
    streamMaxIntervalMs: StreamMaxInterval ?? defaultStreamMaxIntervalMs,
    pushUrl: ProtocolOption.CssCustomPushUrl,
    trtcExternalApp: ProtocolOption.TrtcUseExternalApp ?? false,
    // The numeric room wins when both are given (1211/62103, 1240/100388).
    trtcRoom: ProtocolOption.TrtcRoomId?.toString() ?? ProtocolOption.TrtcStrRoomId,
    trtcNumericRoom: ProtocolOption.TrtcAutoGenRoomIdType !== 1,
  }
}
