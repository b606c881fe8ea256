import { IvhConfigError } from '../errors'
import type { CreateDraft } from '../plugins/plugin'
import type { CreateSessionByAssetRequest, DriverType, StreamProtocol } from '../protocol'
import type { ChannelOptions } from './channel-options'
import { type ExtraRequest, withExtraRequest } from './extra-request'
import type { ReadinessOptions } from './waiting/readiness-options'

/** How far an open has come; `queued` only with `waitForQuota`. */
export type OpenPhase = 'creating' | 'queued' | 'preparing' | 'starting' | 'ready'

export interface OpenProgress {
  readonly phase: OpenPhase
  /** Milliseconds since `open` was called. */
  readonly elapsedMs: number
  /** Known from `preparing` on. */
  readonly sessionId: string | undefined
}

/** An external TRTC application: your own, as production needs. */
export interface ExternalTrtcRoom {
  readonly appId: string
  /** Numeric room; wins over `strRoomId`. */
  readonly roomId?: number | undefined
  readonly strRoomId?: string | undefined
  /** UserSig of the digital human's UserId. */
  readonly userSig: string
  readonly privateMapKey: string
}

/** A picture behind or before the human. Units are pixels. */
export interface VideoLayer {
  readonly url: string
  readonly x?: number | undefined
  readonly y?: number | undefined
  readonly width?: number | undefined
  readonly height?: number | undefined
}

/** How long an open waits for concurrency. */
export interface QuotaWaitOptions {
  /** The refusal of the service comes back when nothing has become free by then. */
  readonly timeoutMs: number
}

interface CommonOpenOptions extends ReadinessOptions {
  /** Unique per viewer: opening again with the same one closes the earlier session. */
  readonly userId: string
  /** How the stream is delivered, in lower case; `trtc` is a room of Tencent's real-time service. */
  readonly protocol: StreamProtocol
  /** 1 text; 3 audio and text. Default 1. */
  readonly driverType?: DriverType | undefined
  /** Your own signed CSS push URL; the `cssStream` plugin makes one for you. */
  readonly cssCustomPushUrl?: string | undefined
  /** The TRTC room to enter, with `protocol: 'trtc'`. Default: the platform's shared app, for debugging only. */
  readonly trtc?: ExternalTrtcRoom | undefined
  /** Only with `environment: 'private'`. */
  readonly sessionId?: string | undefined
  /** Longest pause between packets of a stream, 2000–6000 ms; the service uses 2000. */
  readonly streamMaxIntervalMs?: number | undefined
  /** Output carries an alpha plane beside the picture. */
  readonly alphaChannel?: boolean | undefined
  /**
   * While the account's concurrency is used up (100008), waits in this client's queue until a session of
   * this client closes or a later try succeeds. Default: the open is refused at once.
   */
  readonly waitForQuota?: QuotaWaitOptions | undefined
  /**
   * Fields of the create request that have no option here, under the wire's own names: `Timeout`, more of
   * `ExtraInfo` or `ProtocolOption` (`TrtcAutoGenRoomIdType`), and what the service learns after this
   * version. Members of an object are put together with those that the options make; else these win. Known
   * fields are checked, unknown ones sent as they are.
   *
   * @example
   * request: { ProtocolOption: { TrtcAutoGenRoomIdType: 1 }, Timeout: 180 }
   */
  readonly request?: ExtraRequest | undefined
  /** How the command channel is kept. */
  readonly channel?: ChannelOptions | undefined
  /** Called on every step, and on every poll while preparing. What it throws is logged. */
  readonly onProgress?: ((progress: OpenProgress) => void) | undefined
  /** Abandons the open at any moment; the session is closed all the same. */
  readonly signal?: AbortSignal | undefined
}

/** A stream from an avatar asset (createsessionbyasset). */
export interface OpenByAssetOptions extends CommonOpenOptions {
  /** Of the avatar asset, from the console. */
  readonly assetVirtualmanKey: string
  readonly virtualmanProjectId?: never
  readonly speech?:
    | {
        /** Percent of normal, 50–200. */
        readonly speed?: number | undefined
        /** Decibels, −10…10. */
        readonly volume?: number | undefined
        /** Which voice; default the avatar's own. */
        readonly timbreKey?: string | undefined
        /** The language of a voice that has several. */
        readonly timbreLanguage?: string | undefined
      }
    | undefined
  /** Pictures behind the human; at most 5 together with the foregrounds. */
  readonly backgrounds?: readonly VideoLayer[] | undefined
  /** Pictures before the human; at most 5 together with the backgrounds. */
  readonly foregrounds?: readonly VideoLayer[] | undefined
  /** Where the human stands, and how large: the vendor's `AnchorParam`, under its own names. */
  readonly anchor?: CreateSessionByAssetRequest['AnchorParam'] | undefined
}

/** A stream from a platform project (createsession), which brings voice and scene. */
export interface OpenByProjectOptions extends CommonOpenOptions {
  /** Of the project, from the platform. */
  readonly virtualmanProjectId: string
  readonly assetVirtualmanKey?: never
  readonly speech?: never
  readonly backgrounds?: never
  readonly foregrounds?: never
  readonly anchor?: never
}

export type OpenSessionOptions = OpenByAssetOptions | OpenByProjectOptions

/**
 * The create request under the wire's names; fields that were not given are left out.
 *
 * @throws IvhConfigError unless exactly one of avatar asset and project is given, and each in its option.
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

/** Drops what was not given, so that an absent option is absent on the wire too. */
function defined<Fields extends object>(fields: Fields): Defined<Fields> {
  return Object.fromEntries(
    Object.entries(fields).filter(([, value]) => value !== undefined),
  ) as Defined<Fields>
}
