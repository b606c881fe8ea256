import { type Clock, monotonicClock, reasonOf } from '@ivh-kit/kernel'
import type { Engine, EngineFactory, EngineLoader } from '../engines/engine'
import { PlayerError, type PlayerErrorReason } from '../player-error'
import { classifySource, isMixedContent, type Source } from '../source/classify-source'
import { mixedContent, unsupportedSource } from '../source/unsupported-source'
import { LatencyControl } from './latency-control'
import { bufferAhead, bufferedRanges, jumpToEdge, shownPictures } from './live-edge'
import type { PageEnvironment } from './page-environment'
import { requestAddress, type UrlProvider } from './request-address'
import { StallWatchdog } from './stall-watchdog'

/**
 * How a connection was lost.
 *
 * - `ended`: no more data arrives. The buffered rest can be played.
 * - `stuck`: the buffered rest cannot be played.
 * - `frozen-picture`: the sound plays, and the picture stands still.
 */
export type Loss = 'ended' | 'stuck' | 'frozen-picture'

/** The events of a {@link Connection}. None follows once the connection has ended. */
export interface ConnectionListener {
  /** The video element holds the stream; playback must be started. */
  attached(): void
  /** The picture has stood still for more than a second. */
  stalled(): void
  /** The connection is unusable. The listener must end it. */
  lost(error: PlayerError, loss: Loss): void
}

export interface ConnectionOptions {
  readonly src: string
  /** Reconnect attempts before this one: 0 for the first connection. */
  readonly attempt: number
  /** The reason why the last connection ended. */
  readonly lastReason: PlayerErrorReason
  /** Asked for the address of every reconnect. */
  readonly urlProvider: UrlProvider | null
  /** Seconds between the live edge and the picture. */
  readonly latency: number
  /** False to reconnect no more because of a frozen picture, as long as it has not moved for 10 s. */
  readonly trustPicture: boolean
  readonly video: HTMLVideoElement
  readonly loaders: readonly EngineLoader[]
  readonly environment: PageEnvironment
  readonly listener: ConnectionListener
}

const watchIntervalMs = 500
/** Time without an answer after which a full host is the reason, in milliseconds. */
const fullHostMs = 3_000

/**
 * One attempt to receive the stream: gets the address, loads the engine, starts it and watches the
 * picture. Begins at once and never reconnects. One abort signal ends all of its parts.
 */
export class Connection {
  readonly #options: ConnectionOptions
  readonly #ended = new AbortController()
  readonly #clock: Clock
  readonly #startedAt: number
  readonly #watchdog: StallWatchdog
  readonly #latency: LatencyControl
  #engine: Engine | null = null
  #engineName: string | null = null
  #timeToFirstFrame: number | null = null
  #playingSince: number | null = null
  #stopWatching: (() => void) | null = null

  constructor(options: ConnectionOptions) {
    this.#options = options
    this.#clock = monotonicClock(options.environment.clock)
    this.#startedAt = this.#clock.now()
    const { trustPicture, latency } = options
    this.#watchdog = new StallWatchdog(this.#startedAt, { trustPicture })
    this.#latency = new LatencyControl(latency)
    this.#ended.signal.addEventListener('abort', () => this.unwatch(), { once: true })
    void this.#start()
  }

  /** True while the video element holds a stream that is being received. */
  get receiving(): boolean {
    return this.#engine !== null && !this.#ended.signal.aborted
  }

  /** Name of the engine; `null` before it runs and after {@link close}. */
  get engineName(): string | null {
    return this.#engine ? this.#engineName : null
  }

  get bytesReceived(): number {
    return this.#engine?.bytesReceived ?? 0
  }

  /** Milliseconds from the start to the first frame; `null` before the first frame. */
  get timeToFirstFrame(): number | null {
    return this.#timeToFirstFrame
  }

  /** Notes that the first frame is decoded. */
  firstFrame(): void {
    this.#timeToFirstFrame ??= this.#clock.now() - this.#startedAt
  }

  /** Notes that the playhead moved. Returns the milliseconds of playback without a stall. */
  progressed(): number {
    const now = this.#clock.now()
    this.#playingSince ??= now
    return now - this.#playingSince
  }

  /** Starts the checks of the watchdog. */
  watch(): void {
    this.#stopWatching?.()
    this.#stopWatching = this.#clock.after(watchIntervalMs, () => this.#check())
  }

  /** Stops the checks of the watchdog, for a paused picture. */
  unwatch(): void {
    this.#stopWatching?.()
    this.#stopWatching = null
    this.#release()
  }

  /** True once the picture has moved for 10 s without a freeze. */
  get pictureWasSteady(): boolean {
    return this.#watchdog.pictureWasSteady
  }

  /** Makes the watchdog forget how long the picture has stood still. */
  resetWatchdog(): void {
    this.#watchdog.reset(this.#clock.now())
  }

  /** Stops receiving and reports no further event. The last picture stays. */
  end(): void {
    this.#ended.abort()
  }

  /** Ends the connection and releases the video element. */
  close(): void {
    this.end()
    this.#engine?.destroy()
    this.#engine = null
  }

  async #start(): Promise<void> {
    const { loaders, video, latency, listener } = this.#options
    const { signal } = this.#ended
    try {
      const source = await this.#resolveSource()
      if (signal.aborted) return
      const loader = loaders.find((one) => one.canPlay(source))
      if (!loader) {
        throw unsupportedSource(source, (form) => loaders.some((one) => one.canPlay(form)))
      }
      const createEngine = await loadEngine(loader)
      if (signal.aborted) return
      this.#engineName = loader.name
      this.#engine = createEngine({
        video,
        source,
        latency,
        signal,
        attached: () => {
          if (signal.aborted) return
          this.#controlLatency()
          listener.attached()
        },
        lost: (error) => this.#lost(error, 'ended'),
      })
      this.resetWatchdog()
      this.watch()
    } catch (cause) {
      this.#lost(asPlayerError(cause), 'ended')
    }
  }

  async #resolveSource(): Promise<Source> {
    const { src, attempt, lastReason, urlProvider, environment } = this.#options
    const address =
      urlProvider && attempt > 0
        ? await requestAddress(
            urlProvider,
            { src, attempt, reason: lastReason },
            environment.clock,
            this.#ended.signal,
          )
        : src
    const baseUrl = environment.baseUrl()
    const source = classifySource(address, baseUrl)
    if (isMixedContent(source.url, baseUrl)) throw mixedContent(source.url)
    return source
  }

  #lost(error: PlayerError, loss: Loss): void {
    if (!this.#ended.signal.aborted) this.#options.listener.lost(error, loss)
  }

  /** Keeps the picture near its target latency. Returns true while playback must stand still. */
  #controlLatency(): boolean {
    const { video, latency } = this.#options
    const ahead = bufferAhead(video)
    switch (this.#latency.observe(this.#clock.now(), ahead)) {
      case 'hold':
        // The browser counts the video as playing, so that it needs no second permission to play.
        video.playbackRate = 0
        return ahead > 0
      case 'jump':
        jumpToEdge(video, latency)
        this.#watchdog.seeked(this.#clock.now())
        break
      case 'play':
        break
    }
    this.#release()
    return false
  }

  #release(): void {
    const { video } = this.#options
    if (video.playbackRate === 0) video.playbackRate = 1
  }

  #check(): void {
    const { environment, video, listener } = this.#options
    this.watch()
    if (environment.hidden() || this.#controlLatency()) {
      this.resetWatchdog()
      return
    }
    const unanswered = this.#engine?.unanswered()
    const waitedMs = this.#clock.now() - this.#startedAt
    if (unanswered?.reason === 'connection-limit' && waitedMs >= fullHostMs) {
      this.#lost(unanswered, 'ended')
      return
    }
    const advice = this.#watchdog.observe({
      now: this.#clock.now(),
      position: video.currentTime,
      ranges: bufferedRanges(video),
      pictures: shownPictures(video),
    })
    switch (advice.action) {
      case 'none':
        return
      case 'report-stall':
        this.#playingSince = null
        listener.stalled()
        return
      case 'seek':
        video.currentTime = advice.to
        return
      case 'reconnect':
        this.#lost(
          unanswered ??
            new PlayerError({ reason: 'network', message: stallMessages[advice.cause] }),
          losses[advice.cause],
        )
    }
  }
}

const losses = { 'no-data': 'ended', frozen: 'stuck', 'frozen-picture': 'frozen-picture' } as const

const stallMessages = {
  'no-data': 'The connection is open, but no picture arrives.',
  frozen: 'Playback stands still although data arrives.',
  'frozen-picture': 'The picture is frozen although playback continues.',
} as const

async function loadEngine(loader: EngineLoader): Promise<EngineFactory> {
  try {
    return await loader.load()
  } catch (cause) {
    throw new PlayerError({
      reason: 'network',
      cause,
      message: `The player's ${loader.name} engine could not be downloaded.`,
    })
  }
}

function asPlayerError(cause: unknown): PlayerError {
  if (cause instanceof PlayerError) return cause
  return new PlayerError({
    reason: 'decode',
    cause,
    message: `The stream could not be started: ${reasonOf(cause)}.`,
  })
}
