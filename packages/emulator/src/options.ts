import { createHash, randomUUID } from 'node:crypto'
import * as z from 'zod'
import { type Clock, createClock } from './clock'
import { type Logger, silentLogger } from './logger'
import type { MediaPlane } from './media-plane'

export interface GatewayOptions {
  /** The app key that is accepted. Default `emulator-appkey`. */
  readonly appKey?: string | undefined
  /** The access token that signs. Default `emulator-accesstoken`. */
  readonly accessToken?: string | undefined
  /** `private` accepts a caller-given SessionId. Default `saas`. */
  readonly environment?: 'saas' | 'private' | undefined
  /**
   * How many sessions may be live at once; beyond it 100008. 0 stands for an account that has bought
   * none: every create is refused with 100014. Default 10.
   */
  readonly concurrency?: number | undefined
  /** How long a session stays in SessionStatus 3, in milliseconds. 0 answers status 1 at once. Default 1 000. */
  readonly prepareMs?: number | undefined
  /** A session without drive commands is closed after this (CloseType 2), in milliseconds. Default 600 000. */
  readonly idleTimeoutMs?: number | undefined
  /**
   * Whose documents are followed where the two differ: `mainland` lists more fields and takes 2,000 bytes
   * in a packet of stream text, `international` 1,000 and no `StrRoomId` in gettrtcsign. Default
   * `international`, as the client's.
   */
  readonly region?: 'mainland' | 'international' | undefined
  /** A command channel without heartbeat or command is closed after this, in milliseconds. Default 180 000. */
  readonly channelIdleTimeoutMs?: number | undefined
  /**
   * A second command channel for a session that has one: `refuse` it with HTTP 409, or `replace` the
   * first. The vendor says that there is one, not what happens to another. Default `refuse`.
   */
  readonly secondChannel?: 'refuse' | 'replace' | undefined
  /** More than this must lie between two SEND_TEXT with text, in milliseconds; else 100012. 0: no limit. Default 1 000. */
  readonly textSpacingMs?: number | undefined
  /**
   * A text whose SSML is not as documented (a tag, an attribute or a value that is not, or tags that do
   * not match): `strict` refuses it with 100001, `lenient` notes it and speaks it without its tags. The
   * vendor does not say what happens. Default `strict`.
   */
  readonly ssml?: 'strict' | 'lenient' | undefined
  /** From a drive command to the first sound, in milliseconds. Default 100. */
  readonly speechDelayMs?: number | undefined
  /**
   * From an interrupt to the TextOver or AudioOver that it leads to, in milliseconds; the human is silent
   * at once. Until then nothing may begin that must wait for that state. Default 120.
   */
  readonly interruptDelayMs?: number | undefined
  /** Whether the four `Waiting…` speak states are told. Default true. */
  readonly waitingStates?: boolean | undefined
  /** Audio faster than documented: `refuse` the packet with 100012, or `throttle`: take it and note it. Default `refuse`. */
  readonly audioTooFast?: 'refuse' | 'throttle' | undefined
  /** Where a message over the channel tells an error; real ones do in either place. Default `payload`. */
  readonly channelErrorIn?: 'payload' | 'header' | 'both' | undefined
  /**
   * Whether every create must bring a `CssCustomPushUrl`. Tencent's H5 SDK asks for one on the
   * international gateway; no document says that the gateway does. Default false.
   */
  readonly pushUrlRequired?: boolean | undefined
  /** The `TrtcUserSig` of a caller's own TRTC app: `check` form, user, app and expiry, or `accept` anything. Default `check`. */
  readonly trtcUserSig?: 'check' | 'accept' | undefined
  /** Host of platform play addresses when there is no media plane. Default `liveplay.ivh.qq.com`. */
  readonly playDomain?: string | undefined
  /**
   * How a bad signature, a stale timestamp and an unknown app key are answered; the vendor publishes
   * neither code nor status. Default HTTP 200 with code 100005.
   */
  readonly authFailure?: { readonly status: 200 | 401 | 403; readonly code: number } | undefined
  /** Shows the human. Default none. */
  readonly media?: MediaPlane | undefined
  /** Whose time it is. Default a running {@link createClock}, which can be moved forward. */
  readonly clock?: Clock | undefined
  /** Makes the ids the same from run to run, with the same calls at the same time. Default: they are random. */
  readonly seed?: number | undefined
  /** Makes ids: 32 hexadecimal characters. Default by `seed`, or random. */
  readonly createId?: (() => string) | undefined
  readonly logger?: Logger | undefined
}

/** The credentials the emulator accepts when none are given. */
export const defaultCredentials = {
  appKey: 'emulator-appkey',
  accessToken: 'emulator-accesstoken',
} as const

const streamTextLimits = { mainland: 2_000, international: 1_000 } as const

export type ResolvedGatewayOptions = {
  readonly [Name in Exclude<keyof GatewayOptions, 'media' | 'seed'>]-?: Exclude<
    GatewayOptions[Name],
    undefined
  >
} & {
  readonly media: MediaPlane | undefined
  /** Largest packet of SEND_STREAMTEXT: 1240/100399 and 1211/62115 differ. */
  readonly streamTextLimitBytes: number
}

/** A timer that is set for longer than this fires at once. */
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
/** Never shown: it may be a secret. */
const text = z.string({ error: 'must be a text' }).min(1, { error: 'must not be empty' })
const flag = z.boolean({ error: ({ input }) => `must be true or false, got ${shown(input)}` })
/** An object of the caller's own, of which only the methods are known. */
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
  authFailure: z
    .object({
      status: z.literal([200, 401, 403], {
        error: ({ input }) => `must be 200, 401 or 403, got ${shown(input)}`,
      }),
      code: z
        .int({ error: wholeNumber })
        .refine((code) => code !== 0, { error: 'must not be 0, which says that all is well' }),
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

/** @throws RangeError naming the option that is wrong, or is none. */
export function resolveGatewayOptions(options: GatewayOptions): ResolvedGatewayOptions {
  const result = optionsSchema.safeParse(options)
  if (!result.success) {
    const [issue] = result.error.issues
    if (issue?.code === 'unrecognized_keys') throw unknownOption(issue.keys)
    throw new RangeError(`${issue?.path.join('.')} ${issue?.message}`)
  }
  const { clock = createClock(), seed, createId = idMaker(seed), media, ...given } = result.data
  return {
    ...given,
    streamTextLimitBytes: streamTextLimits[given.region],
    media,
    clock,
    createId,
  }
}

/** Without types a misspelt option would do nothing, and a test would test something else. */
function unknownOption(names: readonly string[]): RangeError {
  const known = Object.keys(optionsSchema.shape).join(', ')
  return new RangeError(`${names.join(', ')}: no option of the emulator; there are ${known}`)
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
