import type { MediaVoice } from '../media-plane'
import type { SessionSettings } from '../sessions/emulated-session'
import { type AnchorParam, type Layer, pictureOf, undrawnOf } from '../wire/picture-request'

/** Default `StreamMaxInterval`, in milliseconds (1240/100388). */
const defaultStreamMaxIntervalMs = 2_000

interface CreatePayload {
  readonly UserId: string
  readonly Protocol: SessionSettings['protocol']
  readonly DriverType: SessionSettings['driverType']
  readonly StreamMaxInterval?: number | undefined
  readonly ProtocolOption?:
    | {
        readonly CssCustomPushUrl?: string | undefined
        readonly TrtcUseExternalApp?: boolean | undefined
        readonly TrtcAppId?: string | undefined
        readonly TrtcRoomId?: number | undefined
        readonly TrtcStrRoomId?: string | undefined
        readonly TrtcAutoGenRoomIdType?: 0 | 1 | undefined
      }
    | undefined
  readonly ExtraInfo?:
    | {
        readonly AlphaChannelEnable?: boolean | undefined
        readonly AlphaPadDisable?: boolean | undefined
      }
    | undefined
  readonly SpeechParam?:
    | {
        readonly Speed?: number | undefined
        readonly Volume?: number | undefined
        readonly TimbreKey?: string | undefined
        readonly TimbreLanguage?: string | undefined
      }
    | undefined
  readonly Backgrounds?: readonly Layer[] | undefined
  readonly Foregrounds?: readonly Layer[] | undefined
  readonly AnchorParam?: AnchorParam | undefined
}

/** Reads the settings that both create calls have. */
export function commonRequest({
  UserId,
  Protocol,
  DriverType,
  StreamMaxInterval,
  ProtocolOption = {},
  ...appearance
}: CreatePayload) {
  return {
    userId: UserId,
    protocol: Protocol,
    driverType: DriverType,
    streamMaxIntervalMs: StreamMaxInterval ?? defaultStreamMaxIntervalMs,
    pushUrl: ProtocolOption.CssCustomPushUrl,
    trtcExternalApp: ProtocolOption.TrtcUseExternalApp ?? false,
    trtcAppId: ProtocolOption.TrtcUseExternalApp ? ProtocolOption.TrtcAppId : undefined,
    // The numeric room wins when both are given (1211/62103, 1240/100388).
    trtcRoom: ProtocolOption.TrtcRoomId?.toString() ?? ProtocolOption.TrtcStrRoomId,
    trtcNumericRoom: ProtocolOption.TrtcAutoGenRoomIdType !== 1,
    voice: voiceOf(appearance),
    picture: pictureOf(appearance),
    notDrawn: undrawnOf(appearance),
  }
}

function voiceOf({ SpeechParam = {} }: Pick<CreatePayload, 'SpeechParam'>): MediaVoice {
  return {
    speed: SpeechParam.Speed ?? 100,
    volume: SpeechParam.Volume ?? 0,
    timbre: SpeechParam.TimbreKey,
    language: SpeechParam.TimbreLanguage,
  }
}
