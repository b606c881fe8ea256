import type { MediaPicture, MediaVoice } from '../media-plane'
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
}

interface Layer {
  readonly Url?: string | undefined
  readonly Width?: number | undefined
  readonly Height?: number | undefined
}

/** What the two create calls have in common. */
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
    // The numeric room wins when both are given (1211/62103, 1240/100388).
    trtcRoom: ProtocolOption.TrtcRoomId?.toString() ?? ProtocolOption.TrtcStrRoomId,
    trtcNumericRoom: ProtocolOption.TrtcAutoGenRoomIdType !== 1,
    voice: voiceOf(appearance),
    picture: pictureOf(appearance),
  }
}

type Appearance = Pick<CreatePayload, 'SpeechParam' | 'Backgrounds' | 'Foregrounds' | 'ExtraInfo'>

function voiceOf({ SpeechParam = {} }: Appearance): MediaVoice {
  return {
    speed: SpeechParam.Speed ?? 100,
    volume: SpeechParam.Volume ?? 0,
    timbre: SpeechParam.TimbreKey,
    language: SpeechParam.TimbreLanguage,
  }
}

/** No field names the size of the picture; a layer that fills it shows which way it stands. */
function pictureOf({
  Backgrounds = [],
  Foregrounds = [],
  ExtraInfo = {},
}: Appearance): MediaPicture {
  const sized = [...Backgrounds, ...Foregrounds].find(({ Width, Height }) => Width && Height)
  const { AlphaChannelEnable = false, AlphaPadDisable = false } = ExtraInfo
  return {
    orientation: (sized?.Height ?? 0) > (sized?.Width ?? 0) ? 'portrait' : 'landscape',
    background: Backgrounds.find(({ Url }) => Url)?.Url,
    alpha: !AlphaChannelEnable ? 'none' : AlphaPadDisable ? 'unpadded' : 'padded',
  }
}
