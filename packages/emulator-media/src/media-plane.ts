import { setMaxListeners } from 'node:events'
import type { Logger } from '@ivh-kit/css-origin'
import { openPublisher, parsePushUrl } from '@ivh-kit/css-origin/publisher'
import {
  type AllowImage,
  appearanceOf,
  BankStore,
  type BuildBank,
  buildInWorker,
  type PictureOptions,
  SpeechThread,
  seedOf,
  type Tts,
  type VoiceName,
  type VoiceSettings,
} from '@ivh-kit/digital-human'
import {
  type Clock,
  callback,
  checkOptions,
  duration,
  type OptionRules,
  oneOf,
  reasonOf,
  systemClock,
  wholeNumber,
  withMethods,
} from '@ivh-kit/kernel'
import { Broadcast } from './broadcast'
import { FrameClock } from './frame-clock'
import { type DigitalHuman, liveHuman } from './live-human'
import { MediaPlaneError } from './media-plane-error'
import { type PcmSink, PcmTap } from './pcm-tap'

/** Provides push and play addresses for humans without a push address of their own; a `CssOrigin` fits. */
export interface PublishTarget {
  /** Returns the RTMP push address of a stream. */
  push(streamName: string): string
  /** Returns the play address of a stream. */
  play(streamName: string): string
}

/** Options of {@link createMediaPlane}. */
export interface MediaPlaneOptions {
  /** Target of humans that are opened without `pushUrl`. Default: none, and `open` rejects. */
  readonly publishTo?: PublishTarget
  /** Clock of frames and timeouts. Default: the system's. */
  readonly clock?: Clock
  /** Receives log lines, without signatures. Default: none. */
  readonly logger?: Logger
  /** Timeout for the push domain to accept a push. Default 10,000 ms. */
  readonly connectTimeoutMs?: number
  /** Maximum number of queued bytes; above it, pictures are dropped. Default 512 KiB. */
  readonly maxQueuedBytes?: number
  /** Time without accepted bytes after which the human ends. Default 30,000 ms. */
  readonly idleTimeoutMs?: number
  /** Maximum number of avatars whose pictures stay in memory, about 1 MB each. Default 16. */
  readonly maxBanks?: number
  /** Builds the pictures of an avatar. Default: in a worker thread. */
  readonly buildBank?: BuildBank
  /**
   * Decides whether an image may be fetched from an address. It is asked for each given address except
   * `data:`, and for each redirect, at most five. Default: every given address, and redirects to the
   * same host.
   */
  readonly allowImage?: AllowImage
  /** The voice of all humans: a name or your own. Default `auto`. */
  readonly voice?: VoiceName | Tts
  /**
   * Receives the sound of every stream as PCM as well. When it throws, that human ends. Default: none.
   */
  readonly pcmSink?: PcmSink
}

/** Options of {@link MediaPlane.open}. */
export interface OpenHumanOptions {
  /** Name of the stream when `publishTo` chooses the address. It also seeds blinks and breaths. */
  readonly sessionId: string
  /** `AssetVirtualmanKey`: any text. The same key always gives the same face. */
  readonly avatar: string
  /** `rtmp://host/app/stream?txSecret=…&txTime=…`, as in `CssCustomPushUrl` (INTL 1211/62102). */
  readonly pushUrl?: string | undefined
  /** `SpeechParam`: settings of the voice. Default: normal speed and volume. */
  readonly voice?: VoiceSettings | undefined
  /** Options of the picture. Default: 640x360, in a room. */
  readonly picture?: PictureOptions | undefined
}

/** Puts digital humans on the air, all driven by one clock. */
export interface MediaPlane {
  /**
   * Puts a human on the air: draws the avatar unless it is in memory, connects and publishes. Resolves
   * when the push is accepted and the first picture is sent.
   *
   * @throws {@link PushError} when the push is refused or the host cannot be reached.
   * @throws {@link MediaPlaneError} when no push address is given, or the plane is closed.
   * @throws the signal's reason when it is aborted.
   */
  open(options: OpenHumanOptions, signal?: AbortSignal): Promise<DigitalHuman>
  /** Returns the play address that `publishTo` gives to a human without a push address of its own. */
  playUrl(sessionId: string): string | undefined
  /** Ends all humans. May be called more than once. */
  close(): Promise<void>
}

const voiceName = oneOf('auto', 'espeak', 'espeak-program', 'built-in')
const ownVoice = withMethods('speak')

const optionRules: OptionRules<MediaPlaneOptions> = {
  publishTo: withMethods('push', 'play'),
  clock: withMethods('now', 'after'),
  logger: withMethods('debug', 'info', 'warn', 'error'),
  connectTimeoutMs: duration,
  maxQueuedBytes: wholeNumber(0),
  idleTimeoutMs: duration,
  maxBanks: wholeNumber(1),
  buildBank: callback,
  allowImage: callback,
  voice: (option, value) => {
    const rule = typeof value === 'string' ? voiceName : ownVoice
    rule(option, value)
  },
  pcmSink: withMethods('offerPcm'),
}

/**
 * Creates a media plane. It uses no resources until a human is opened.
 *
 * @throws IvhConfigError for an unknown or invalid option.
 */
export async function createMediaPlane(options: MediaPlaneOptions = {}): Promise<MediaPlane> {
  checkOptions('createMediaPlane', options, optionRules)
  const { clock = systemClock, logger, publishTo } = options
  const { connectTimeoutMs = 10_000, idleTimeoutMs } = options
  const { maxBanks = 16, maxQueuedBytes = 512 * 1024 } = options
  const banks = new BankStore(options.buildBank ?? buildInWorker, maxBanks, options.allowImage)
  const frames = FrameClock.of(clock)
  const speech = new SpeechThread(options.voice ?? 'auto')
  const humans = new Set<DigitalHuman>()
  const closing = new AbortController()
  // Allow any number of listeners: every opening human adds one.
  setMaxListeners(0, closing.signal)
  const closedError = (): MediaPlaneError =>
    new MediaPlaneError('MEDIA_PLANE_CLOSED', 'The media plane is closed: create another one.')

  const open = async (
    { avatar, picture = {}, pushUrl, sessionId, voice = {} }: OpenHumanOptions,
    signal: AbortSignal,
  ): Promise<DigitalHuman> => {
    const url = pushUrl ?? publishTo?.push(sessionId)
    if (url === undefined) {
      throw new MediaPlaneError(
        'NO_PUSH_URL',
        'No push address: give open() a pushUrl, or createMediaPlane() a publishTo such as ' +
          'an origin from createCssOrigin().',
      )
    }
    speech.prepare()
    const bank = await abortable(banks.get(appearanceOf(avatar, picture)).catch(bankFailed), signal)
    const publisher = await openPublisher({
      url,
      clock,
      timeoutMs: connectTimeoutMs,
      maxQueuedBytes,
      idleTimeoutMs,
      signal,
    })
    if (signal.aborted) {
      await publisher.close()
      throw signal.reason
    }
    const fail = (event: string, error: unknown): void => {
      const reason = `${event}: ${reasonOf(error)}`
      void publisher.close(reason)
      logger?.error('human failed', { sessionId, reason })
    }
    const broadcast = new Broadcast({
      bank,
      publisher,
      frames,
      seed: seedOf(sessionId),
      pcm: tapOf(options.pcmSink, url, (error) => fail('pcmSink threw', error)),
      onFailed: (error) => fail('a picture could not be sent', error),
    })
    const playUrl = pushUrl === undefined ? publishTo?.play(sessionId) : undefined
    const { alpha, orientation } = picture
    const human = liveHuman({
      broadcast,
      publisher,
      playUrl,
      speech,
      voice,
      warnings: bank.warnings,
      // Keep the size of the picture: the viewers' decoders are set up for the first size of the stream.
      redraw: (next) =>
        banks.get(appearanceOf(avatar, { ...next, alpha, orientation })).catch(bankFailed),
    })
    humans.add(human)
    for (const warning of bank.warnings) logger?.warn(warning, { sessionId, avatar })
    logger?.info('human on the air', { sessionId, avatar, bankMs: Math.round(bank.buildMs) })
    void human.ended.then(({ reason }) => {
      humans.delete(human)
      logger?.info('human off the air', { sessionId, reason })
    })
    return human
  }

  return {
    playUrl: (sessionId) => publishTo?.play(sessionId),
    open: async (request, signal) => {
      if (closing.signal.aborted) throw closedError()
      return open(request, signal ? AbortSignal.any([signal, closing.signal]) : closing.signal)
    },
    close: async () => {
      closing.abort(closedError())
      banks.close()
      await Promise.all([...humans].map((human) => human.close()))
      await speech.close()
    },
  }
}

/** Returns a tap for the sink. A sink that throws receives nothing more. */
function tapOf(
  sink: PcmSink | undefined,
  pushUrl: string,
  failed: (error: unknown) => void,
): PcmTap | undefined {
  const target = parsePushUrl(pushUrl)
  if (!sink || !target) return undefined
  let works = true
  return new PcmTap((block) => {
    if (!works) return
    try {
      sink.offerPcm(target.streamName, block)
    } catch (error) {
      works = false
      failed(error)
    }
  })
}

function bankFailed(cause: unknown): never {
  throw new MediaPlaneError(
    'BANK_FAILED',
    'The pictures of the avatar could not be made; `cause` has the reason. Check that the packages ' +
      'h264-mp4-encoder and mediabunny are installed.',
    { cause },
  )
}

/** Settles like the promise, or rejects with the signal's reason, whichever comes first. */
function abortable<T>(promise: Promise<T>, signal: AbortSignal): Promise<T> {
  return new Promise((resolve, reject) => {
    signal.throwIfAborted()
    const abort = (): void => reject(signal.reason)
    signal.addEventListener('abort', abort, { once: true })
    promise.then(resolve, reject).finally(() => signal.removeEventListener('abort', abort))
  })
}
