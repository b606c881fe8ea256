import { namesCheck } from '@ivh-kit/kernel'
import type { CreateDraft } from '../../contracts/plugin'
import { IvhConfigError } from '../../errors'
import type { CreateSessionByAssetRequest, DriverType, StreamProtocol } from '../../protocol'
import { type ChannelOptions, checkChannelNames } from '../session/channel-options'
import type { ReadinessOptions } from '../waiting/wait-until-ready'
import { type ExtraRequest, withExtraRequest } from './extra-request'

/** The phase of an open. `queued` occurs only with `waitForQuota`. */
export type OpenPhase = 'creating' | 'queued' | 'preparing' | 'starting' | 'ready'

export interface OpenProgress {
  readonly phase: OpenPhase
  /** Milliseconds since the call of `open`. */
  readonly elapsedMs: number
  /** Known from `preparing` on. */
  readonly sessionId: string | undefined
}

/** A room of your own TRTC application, which production requires. */
export interface ExternalTrtcRoom {
  readonly appId: string
  /** Numeric room. Overrides `strRoomId`. */
  readonly roomId?: number | undefined
  readonly strRoomId?: string | undefined
  /** UserSig of the digital human's UserId. */
  readonly userSig: string
  readonly privateMapKey: string
}

/** A background or foreground picture. Units are pixels. */
export interface VideoLayer {
  readonly url: string
  readonly x?: number | undefined
  readonly y?: number | undefined
  readonly width?: number | undefined
  readonly height?: number | undefined
}

/** Options of the wait for concurrency. */
export interface QuotaWaitOptions {
  /** Maximum wait, in milliseconds. Then the open rejects with the service's refusal. */
  readonly timeoutMs: number
}

interface CommonOpenOptions extends ReadinessOptions {
  /** Unique per viewer: the service closes an earlier session with the same UserId. */
  readonly userId: string
  /** The protocol of the stream, in lower case. `trtc` is a room of Tencent's real-time service. */
  readonly protocol: StreamProtocol
  /** Driver type: 1 for text, 3 for audio and text. Default 1. */
  readonly driverType?: DriverType | undefined
  /** A signed CSS push URL. The `cssStream` plugin creates one for each session. */
  readonly cssCustomPushUrl?: string | undefined
  /** The TRTC room to enter, with `protocol: 'trtc'`. Default: the platform's shared app, for debugging only. */
  readonly trtc?: ExternalTrtcRoom | undefined
  /** SessionId of the new session; only with `environment: 'private'`. */
  readonly sessionId?: string | undefined
  /** Maximum pause between packets of a stream, 2000–6000 ms. The service's default is 2000. */
  readonly streamMaxIntervalMs?: number | undefined
  /** True for a video with an alpha plane beside the picture. Default false. */
  readonly alphaChannel?: boolean | undefined
  /**
   * Waits in this client's queue while the account's concurrency is used up (100008). Default: the open
   * rejects at once.
   */
  readonly waitForQuota?: QuotaWaitOptions | undefined
  /**
   * Fields of the create request that have no option here, in the wire's own names: `Timeout`, more of
   * `ExtraInfo` or `ProtocolOption` (`TrtcAutoGenRoomIdType`), and fields of a newer API. Objects are merged
   * with those of the options; other values override them. Known fields are checked, unknown fields are
   * sent unchanged.
   *
   * @example
   * request: { ProtocolOption: { TrtcAutoGenRoomIdType: 1 }, Timeout: 180 }
   */
  readonly request?: ExtraRequest | undefined
  /** Options of the command channel. */
  readonly channel?: ChannelOptions | undefined
  /** Called at each phase, and at each poll in `preparing`. Errors of the callback are logged. */
  readonly onProgress?: ((progress: OpenProgress) => void) | undefined
  /** Aborts the open at any moment. A session that was created is then closed. */
  readonly signal?: AbortSignal | undefined
}

/** Options for a stream from an avatar asset (createsessionbyasset). */
export interface OpenByAssetOptions extends CommonOpenOptions {
  /** The key of the avatar asset, from the console. */
  readonly assetVirtualmanKey: string
  readonly virtualmanProjectId?: never
  readonly speech?:
    | {
        /** Speed in percent of the normal speed, 50–200. */
        readonly speed?: number | undefined
        /** Volume in decibels, −10 to 10. */
        readonly volume?: number | undefined
        /** The key of the voice. Default: the avatar's own. */
        readonly timbreKey?: string | undefined
        /** The language, for a voice with several languages. */
        readonly timbreLanguage?: string | undefined
      }
    | undefined
  /** Background pictures; at most 5 together with the foregrounds. */
  readonly backgrounds?: readonly VideoLayer[] | undefined
  /** Foreground pictures; at most 5 together with the backgrounds. */
  readonly foregrounds?: readonly VideoLayer[] | undefined
  /** Position and size of the human: the vendor's `AnchorParam`, in its own names. */
  readonly anchor?: CreateSessionByAssetRequest['AnchorParam'] | undefined
}

/** Options for a stream from a platform project (createsession). The project sets voice and scene. */
export interface OpenByProjectOptions extends CommonOpenOptions {
  /** The id of the project, from the platform. */
  readonly virtualmanProjectId: string
  readonly assetVirtualmanKey?: never
  readonly speech?: never
  readonly backgrounds?: never
  readonly foregrounds?: never
  readonly anchor?: never
}

export type OpenSessionOptions = OpenByAssetOptions | OpenByProjectOptions

/**
 * Converts options to a create request in the wire's names, without absent fields.
 *
 * @throws IvhConfigError unless exactly one of avatar asset and project is given.
 */
export function toCreateDraft(options: OpenSessionOptions): CreateDraft {
  checkSource(options)
  const common = {
    UserId: options.userId,
    Protocol: options.protocol,
    DriverType: options.driverType ?? 1,
    ...defined({
      SessionId: options.sessionId,
      ProtocolOption: toProtocolOption(options),
      StreamMaxInterval: options.streamMaxIntervalMs,
      ExtraInfo:
        options.alphaChannel === undefined
          ? undefined
          : { AlphaChannelEnable: options.alphaChannel },
    }),
  }
  if (options.virtualmanProjectId !== undefined) {
    const draft = { ...common, VirtualmanProjectId: options.virtualmanProjectId }
    return withExtraRequest(draft, options.request)
  }
  const { speech } = options
  const draft = {
    ...common,
    AssetVirtualmanKey: options.assetVirtualmanKey,
    ...defined({
      SpeechParam:
        speech &&
        defined({
          Speed: speech.speed,
          Volume: speech.volume,
          TimbreKey: speech.timbreKey,
          TimbreLanguage: speech.timbreLanguage,
        }),
      Backgrounds: options.backgrounds?.map(toLayer),
      Foregrounds: options.foregrounds?.map(toLayer),
      AnchorParam: options.anchor,
    }),
  }
  return withExtraRequest(draft, options.request)
}

const checkOpenNames = namesCheck<OpenByAssetOptions>('sessions.open', {
  assetVirtualmanKey: true,
  virtualmanProjectId: true,
  userId: true,
  protocol: true,
  driverType: true,
  cssCustomPushUrl: true,
  trtc: true,
  sessionId: true,
  streamMaxIntervalMs: true,
  alphaChannel: true,
  waitForQuota: true,
  request: true,
  channel: true,
  onProgress: true,
  signal: true,
  speech: true,
  backgrounds: true,
  foregrounds: true,
  anchor: true,
  readyTimeoutMs: true,
  pollIntervalMs: true,
})
const checkQuotaNames = namesCheck<QuotaWaitOptions>('waitForQuota', { timeoutMs: true })
const checkRoomNames = namesCheck<ExternalTrtcRoom>('trtc', {
  appId: true,
  roomId: true,
  strRoomId: true,
  userSig: true,
  privateMapKey: true,
})
const checkSpeechNames = namesCheck<NonNullable<OpenByAssetOptions['speech']>>('speech', {
  speed: true,
  volume: true,
  timbreKey: true,
  timbreLanguage: true,
})
const checkLayerNames = namesCheck<VideoLayer>('A layer', {
  url: true,
  x: true,
  y: true,
  width: true,
  height: true,
})

/** @throws IvhConfigError naming the unknown option. */
export function checkOptionNames(options: OpenSessionOptions): void {
  checkOpenNames(options)
  checkQuotaNames(options.waitForQuota)
  checkRoomNames(options.trtc)
  checkSpeechNames(options.speech)
  checkChannelNames(options.channel)
  for (const layer of [...(options.backgrounds ?? []), ...(options.foregrounds ?? [])]) {
    checkLayerNames(layer)
  }
}

const assetOnly = ['speech', 'backgrounds', 'foregrounds', 'anchor'] as const

function checkSource(options: OpenSessionOptions): void {
  const byAsset = options.assetVirtualmanKey !== undefined
  const byProject = options.virtualmanProjectId !== undefined
  if (byAsset === byProject) {
    throw new IvhConfigError(
      `sessions.open was given ${byAsset ? 'both assetVirtualmanKey and' : 'neither assetVirtualmanKey nor'} virtualmanProjectId`,
      { hint: 'Give exactly one: an avatar asset, or a project of the platform.' },
    )
  }
  const misplaced = byProject ? assetOnly.filter((name) => options[name] !== undefined) : []
  if (misplaced.length > 0) {
    throw new IvhConfigError(`sessions.open by project does not take ${misplaced.join(', ')}`, {
      hint: 'The project brings voice and scene; set them there, or open by assetVirtualmanKey.',
    })
  }
}

function toProtocolOption({ cssCustomPushUrl, trtc }: CommonOpenOptions) {
  if (cssCustomPushUrl === undefined && trtc === undefined) return undefined
  return defined({
    CssCustomPushUrl: cssCustomPushUrl,
    ...(trtc && {
      TrtcUseExternalApp: true,
      TrtcAppId: trtc.appId,
      TrtcRoomId: trtc.roomId,
      TrtcStrRoomId: trtc.strRoomId,
      TrtcUserSig: trtc.userSig,
      TrtcPrivateMapKey: trtc.privateMapKey,
    }),
  })
}

function toLayer(layer: VideoLayer) {
  return {
    Url: layer.url,
    ...defined({ X: layer.x, Y: layer.y, Width: layer.width, Height: layer.height }),
  }
}

type Defined<Fields> = { [Name in keyof Fields]?: Exclude<Fields[Name], undefined> }

/** Removes undefined members, so that an absent option is absent on the wire. */
function defined<Fields extends object>(fields: Fields): Defined<Fields> {
  return Object.fromEntries(
    Object.entries(fields).filter(([, value]) => value !== undefined),
  ) as Defined<Fields>
}
