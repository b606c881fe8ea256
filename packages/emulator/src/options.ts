import { createHash, randomUUID } from 'node:crypto'
import { type Clock, checkKnownOptions, IvhConfigError } from '@ivh-kit/kernel'
import * as z from 'zod'
import { createClock } from './clock'
import { type Logger, silentLogger } from './logger'
import type { MediaPlane } from './media-plane'

export interface GatewayOptions {
  /** The accepted app key. Default `emulator-appkey`. */
  readonly appKey?: string | undefined
  /** The access token of the signatures. Default `emulator-accesstoken`. */
  readonly accessToken?: string | undefined
  /** `private` accepts a SessionId from the caller. Default `saas`. */
  readonly environment?: 'saas' | 'private' | undefined
  /**
   * Maximum number of live sessions; one more is refused with 100008. 0: an account without concurrency,
   * where every create is refused with 100014. Default 10.
   */
  readonly concurrency?: number | undefined
  /** Time that a session stays in SessionStatus 3, in milliseconds. 0: status 1 at once. Default 1,000. */
  readonly prepareMs?: number | undefined
  /** Time without commands after which a session is closed (CloseType 2), in milliseconds. Default 600,000. */
  readonly idleTimeoutMs?: number | undefined
  /**
   * The documents to follow where the two regions differ. `mainland`: the lists have more fields, and a
   * packet of stream text may have 2,000 bytes. `international`: 1,000 bytes, and no `StrRoomId` in
   * gettrtcsign. Default `international`, like the client's.
   */
  readonly region?: 'mainland' | 'international' | undefined
  /**
   * Time without heartbeat or command after which a command channel is closed, in milliseconds. Default
   * 180,000.
   */
  readonly channelIdleTimeoutMs?: number | undefined
  /**
   * A second command channel of one session: `refuse` it with HTTP 409, or `replace` the first one. The
   * vendor does not document the result. Default `refuse`.
   */
  readonly secondChannel?: 'refuse' | 'replace' | undefined
  /**
   * Two SEND_TEXT with text must be more than this time apart, in milliseconds; otherwise the second is
   * refused with 100012. 0: no limit. Default 1,000.
   */
  readonly textSpacingMs?: number | undefined
  /**
   * A text with undocumented SSML (an unknown tag, attribute or value, or tags that do not match): `strict`
   * refuses it with 100001, `lenient` logs it and speaks the text without its tags. The vendor does not
   * document the result. Default `strict`.
   */
  readonly ssml?: 'strict' | 'lenient' | undefined
  /** Delay between a command and its first sound, in milliseconds. Default 100. */
  readonly speechDelayMs?: number | undefined
  /**
   * Delay between an interrupt and its TextOver or AudioOver, in milliseconds. The human is silent at
   * once; the next command must wait for that state. Default 120.
   */
  readonly interruptDelayMs?: number | undefined
  /** Whether the four `Waiting…` speak states are sent. Default true. */
  readonly waitingStates?: boolean | undefined
  /** Audio faster than documented: `refuse` the packet with 100012, or `throttle`: accept and log it. Default `refuse`. */
  readonly audioTooFast?: 'refuse' | 'throttle' | undefined
  /** Place of the error in a message of the channel; real messages use both. Default `payload`. */
  readonly channelErrorIn?: 'payload' | 'header' | 'both' | undefined
  /**
   * Whether every create needs a `CssCustomPushUrl`. Tencent's H5 SDK requires one on the international
   * gateway; no document says so for the gateway itself. Default false.
   */
  readonly pushUrlRequired?: boolean | undefined
  /** The `TrtcUserSig` of a caller's own TRTC app: `check` its form, user, app and expiry, or `accept` any text. Default `check`. */
  readonly trtcUserSig?: 'check' | 'accept' | undefined
  /** Host of the play addresses. A media plane has its own. Default `liveplay.ivh.qq.com`. */
  readonly playDomain?: string | undefined
  /**
   * Host of the play addresses with a media plane, with a port where it is not the default one. Set it when
   * a proxy serves the streams: Tencent's web player refuses a `webrtc` address with a port. Default: the
   * host of the media plane's address.
   */
  readonly mediaPlayDomain?: string | undefined
  /**
   * Whether `PlayStreamAddr` is present in SessionStatus 3. Public clients disagree. Default true. With a
   * media plane it is present when the plane knows the address before the stream opens.
   */
  readonly playUrlWhilePreparing?: boolean | undefined
  /**
   * The response to a wrong signature, a stale timestamp and an unknown app key. The vendor documents
   * neither code nor status. Default HTTP 200 with code 100005.
   */
  readonly authFailure?: { readonly status: 200 | 401 | 403; readonly code: number } | undefined
  /** Shows the digital humans. Default: none. */
  readonly media?: MediaPlane | undefined
  /** Clock of all times. Default: a running {@link createClock}, which can be moved forward. */
  readonly clock?: Clock | undefined
  /** The same seed gives the same ids for the same calls at the same time. Default: random ids. */
  readonly seed?: number | undefined
  /** Makes an id of 32 hexadecimal characters. Default: from `seed`, or random. */
  readonly createId?: (() => string) | undefined
  /** Receives log lines. Default: none. */
  readonly logger?: Logger | undefined
}

/** The default credentials of the emulator. */
export const defaultCredentials = {
  appKey: 'emulator-appkey',
  accessToken: 'emulator-accesstoken',
} as const

const streamTextLimits = { mainland: 2_000, international: 1_000 } as const

export type ResolvedGatewayOptions = {
  readonly [Name in Exclude<keyof GatewayOptions, 'media' | 'mediaPlayDomain' | 'seed'>]-?: Exclude<
    GatewayOptions[Name],
    undefined
  >
} & {
  readonly media: MediaPlane | undefined
  readonly mediaPlayDomain: string | undefined
  /** Maximum text of a SEND_STREAMTEXT packet, in bytes; 1240/100399 and 1211/62115 differ. */
  readonly streamTextLimitBytes: number
}

/** Longest delay of a Node.js timer, in milliseconds. Node.js fires a longer timer at once. */
const longestTimerMs = 2 ** 31 - 1

const numberFrom = (minimum: number) => {
  const error = ({ input }: { readonly input?: unknown }) =>
    `must be a number from ${minimum} to ${longestTimerMs}, got ${shown(input)}`
  return z.number({ error }).min(minimum, { error }).max(longestTimerMs, { error })
}
const wholeNumber = (issue: { readonly input?: unknown }) =>
  `must be a whole number, got ${shown(issue.input)}`
const oneOf = <const Values extends readonly string[]>(values: Values) =>
  z.enum(values, {
    error: ({ input }) =>
      `must be ${values.map((value) => `'${value}'`).join(' or ')}, got ${shown(input)}`,
  })
/** Schema of a text. Its message does not contain the value, which may be a secret. */
const text = z.string({ error: 'must be a text' }).min(1, { error: 'must not be empty' })
const flag = z.boolean({ error: ({ input }) => `must be true or false, got ${shown(input)}` })
/** Returns the schema of an object with these methods. */
const withMethods = <Kind>(...names: readonly string[]) =>
  z.custom<Kind>(
    (value) =>
      typeof value === 'object' &&
      value !== null &&
      names.every((name) => typeof Reflect.get(value, name) === 'function'),
    { error: `must be an object with ${names.join(' and ')}` },
  )

const optionsSchema = z.strictObject({
  appKey: text.default(defaultCredentials.appKey),
  accessToken: text.default(defaultCredentials.accessToken),
  environment: oneOf(['saas', 'private']).default('saas'),
  concurrency: numberFrom(0).int({ error: wholeNumber }).default(10),
  prepareMs: numberFrom(0).default(1_000),
  idleTimeoutMs: numberFrom(1).default(600_000),
  region: oneOf(['mainland', 'international']).default('international'),
  channelIdleTimeoutMs: numberFrom(1).default(180_000),
  secondChannel: oneOf(['refuse', 'replace']).default('refuse'),
  textSpacingMs: numberFrom(0).default(1_000),
  ssml: oneOf(['strict', 'lenient']).default('strict'),
  speechDelayMs: numberFrom(0).default(100),
  interruptDelayMs: numberFrom(0).default(120),
  waitingStates: flag.default(true),
  audioTooFast: oneOf(['refuse', 'throttle']).default('refuse'),
  channelErrorIn: oneOf(['payload', 'header', 'both']).default('payload'),
  pushUrlRequired: flag.default(false),
  trtcUserSig: oneOf(['check', 'accept']).default('check'),
  playDomain: text.default('liveplay.ivh.qq.com'),
  mediaPlayDomain: text.optional(),
  playUrlWhilePreparing: flag.default(true),
  authFailure: z
    .strictObject({
      status: z.literal([200, 401, 403], {
        error: ({ input }) => `must be 200, 401 or 403, got ${shown(input)}`,
      }),
      code: z
        .int({ error: wholeNumber })
        .refine((code) => code !== 0, { error: 'must not be 0, the code of success' }),
    })
    .default({ status: 200, code: 100005 }),
  media: withMethods<MediaPlane>('open').optional(),
  clock: withMethods<Clock>('now', 'after').optional(),
  seed: z.int({ error: wholeNumber }).optional(),
  createId: z
    .custom<() => string>((value) => typeof value === 'function', { error: 'must be a function' })
    .optional(),
  logger: withMethods<Logger>('info', 'warn').default(silentLogger),
}) satisfies z.ZodType<GatewayOptions, GatewayOptions>

/** The names of the options above. */
export const gatewayOptionNames: readonly string[] = Object.keys(optionsSchema.shape)

/** @throws IvhConfigError naming the wrong or unknown option. */
export function resolveGatewayOptions(options: GatewayOptions): ResolvedGatewayOptions {
  checkKnownOptions('createEmulator', options, gatewayOptionNames)
  const result = optionsSchema.safeParse(options)
  if (!result.success) {
    const [issue] = result.error.issues
    const option = issue?.path.join('.')
    throw new IvhConfigError(`${option} ${issue?.message}`, { option })
  }
  const { clock = createClock(), seed, createId = idMaker(seed), ...given } = result.data
  return {
    ...given,
    mediaPlayDomain: given.mediaPlayDomain,
    streamTextLimitBytes: streamTextLimits[given.region],
    media: given.media,
    clock,
    createId,
  }
}

function shown(value: unknown): string {
  return typeof value === 'string' ? `'${value}'` : String(value)
}

function idMaker(seed: number | undefined): () => string {
  if (seed === undefined) return () => randomUUID().replaceAll('-', '')
  let count = 0
  return () => {
    count += 1
    return createHash('md5').update(`${seed}:${count}`).digest('hex')
  }
}
