import { setMaxListeners } from 'node:events'
import { BankStore, type BuildBank } from '../bank/bank-store'
import { buildInWorker } from '../bank/build-in-worker'
import type { AllowImage } from '../bank/fetched-images'
import { type MediaClock, systemClock } from '../clock'
import { type MediaLogger, silentLogger } from '../logger'
import { openPublisher } from '../rtmp/publisher'
import { parsePushUrl } from '../rtmp/push-url'
import { SpeechThread, type VoiceSettings } from '../speech/speech-thread'
import type { Tts, VoiceName } from '../speech/tts'
import { Broadcast } from './broadcast'
import { type DigitalHuman, LiveHuman } from './digital-human'
import { FrameClock } from './frame-clock'
import { MediaPlaneError } from './media-plane-error'
import { type PcmSink, PcmTap } from './pcm-tap'
import { appearanceOf, type PictureOptions } from './picture-options'
import { seedOf } from './random'

/** Chooses where humans without a push address of their own publish; a `CssOrigin` fits. */
export interface PublishTarget {
  /** RTMP push address for a stream name. */
  push(streamName: string): string
  /** Address under which that stream can be watched. */
  play(streamName: string): string
}

/** Options of {@link createMediaPlane}. */
export interface MediaPlaneOptions {
  /** Takes the humans that are opened without `pushUrl`. Default: such an `open` is refused. */
  readonly publishTo?: PublishTarget
  /** Time for frames and timeouts. Default: the system's. */
  readonly clock?: MediaClock
  /** Default: silent. Push addresses are never logged with their signature. */
  readonly logger?: MediaLogger
  /** Time for the push domain to accept a push. Default 10 000 ms. */
  readonly connectTimeoutMs?: number
  /** Bytes that a slow push domain may be behind before pictures are dropped. Default 512 KiB. */
  readonly maxQueuedBytes?: number
  /** A push domain that takes nothing for so long ends its human. Default 30 000 ms. */
  readonly idleTimeoutMs?: number
  /** Avatars whose pictures are kept in memory, about 1 MB each. Default 16. */
  readonly maxBanks?: number
  /** Builds the pictures of an avatar. Default: in a worker thread. */
  readonly buildBank?: BuildBank
  /**
   * Says whether an image may be fetched from an address, `data:` apart: asked for the address that was
   * given and for each one that a server redirects to, five at most. Default: every address that was
   * given, and redirects to the same host.
   */
  readonly allowImage?: AllowImage
  /** The voice of all humans: one of this package's, or your own. Default `auto`. */
  readonly voice?: VoiceName | Tts
  /**
   * Gets the sound of every stream as PCM as well, under the name of its stream; when it throws, that
   * human ends. Default: nobody.
   */
  readonly pcmSink?: PcmSink
}

/** What {@link MediaPlane.open} needs to know. */
export interface OpenHumanOptions {
  /** Name of the stream when `publishTo` chooses the address; seeds blinks and breaths. */
  readonly sessionId: string
  /** `AssetVirtualmanKey`: any text; the same one always gives the same face. */
  readonly avatar: string
  /** `rtmp://host/app/stream?txSecret=…&txTime=…`, as in `CssCustomPushUrl` (INTL 1211/62102). */
  readonly pushUrl?: string | undefined
  /** `SpeechParam`: how the human speaks. Default: at normal speed and volume. */
  readonly voice?: VoiceSettings | undefined
  /** What the picture looks like. Default: 640x360, in a room. */
  readonly picture?: PictureOptions | undefined
}

/** Digital humans of one process and the clock that drives them. */
export interface MediaPlane {
  /**
   * Puts a human on the air: draws the avatar unless it is in memory, connects, publishes.
   * Resolves when the push was accepted and the first picture is on its way.
   *
   * @throws {@link PushError} when the push is refused or the host cannot be reached.
   * @throws {@link MediaPlaneError} when there is no address, or the plane has been closed.
   * @throws the signal's reason when it is aborted.
   */
  open(options: OpenHumanOptions, signal?: AbortSignal): Promise<DigitalHuman>
  /** Ends all humans. May be called more than once. */
  close(): Promise<void>
}

/** Starts a media plane. It costs nothing until a human is opened. */
export async function createMediaPlane(options: MediaPlaneOptions = {}): Promise<MediaPlane> {
  const { clock = systemClock, logger = silentLogger, publishTo } = options
  const { connectTimeoutMs = 10_000, idleTimeoutMs } = options
  const { maxBanks = 16, maxQueuedBytes = 512 * 1024 } = options
  const banks = new BankStore(options.buildBank ?? buildInWorker, maxBanks, options.allowImage)
  const frames = FrameClock.of(clock)
  const speech = new SpeechThread(options.voice ?? 'auto')
  const humans = new Set<LiveHuman>()
  const closing = new AbortController()
  // Every human that is being opened listens.
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
        'There is nowhere to publish: give open() a pushUrl, or createMediaPlane() a publishTo ' +
          'such as an origin from createCssOrigin().',
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
    const fail = (what: string, error: unknown): void => {
      const reason = `${what}: ${error instanceof Error ? error.message : String(error)}`
      void publisher.close(reason)
      logger.error('human failed', { sessionId, reason })
    }
    const broadcast = new Broadcast({
      bank,
      publisher,
      frames,
      seed: seedOf(sessionId),
      tap: tapOf(options.pcmSink, url, (error) => fail('pcmSink threw', error)),
      onFailed: (error) => fail('a picture could not be sent', error),
    })
    const playUrl = pushUrl === undefined ? publishTo?.play(sessionId) : undefined
    const { alpha, orientation } = picture
    const human = new LiveHuman({
      broadcast,
      publisher,
      playUrl,
      speech,
      voice,
      warnings: bank.warnings,
      // The viewers' decoders are set up for the size that the stream began with.
      redraw: (next) =>
        banks.get(appearanceOf(avatar, { ...next, alpha, orientation })).catch(bankFailed),
    })
    humans.add(human)
    for (const warning of bank.warnings) logger.warn(warning, { sessionId, avatar })
    logger.info('human on the air', { sessionId, avatar, bankMs: Math.round(bank.buildMs) })
    void human.ended.then(({ reason }) => {
      humans.delete(human)
      logger.info('human off the air', { sessionId, reason })
    })
    return human
  }

  return {
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

/** A sink that throws gets nothing more. */
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
    'The pictures of the avatar could not be made; the cause says why. Check that the packages ' +
      'h264-mp4-encoder and mediabunny are installed.',
    { cause },
  )
}

/** The promise's outcome, or the signal's reason if that comes first. */
function abortable<T>(promise: Promise<T>, signal: AbortSignal): Promise<T> {
  return new Promise((resolve, reject) => {
    signal.throwIfAborted()
    const abort = (): void => reject(signal.reason)
    signal.addEventListener('abort', abort, { once: true })
    promise.then(resolve, reject).finally(() => signal.removeEventListener('abort', abort))
  })
}
