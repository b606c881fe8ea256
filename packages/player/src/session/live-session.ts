import type { PlayerState } from '../constants'
import type { PlayerError, PlayerErrorReason } from '../player-error'
import { classifySource, isLoopback } from '../source/classify-source'
import { Connection, type Loss } from './connection'
import { bufferAhead, catchUp } from './live-edge'
import { nextState, type SessionSignal } from './next-state'
import { PageWatch } from './page-watch'
import { RetrySchedule } from './retry-schedule'
import type { SessionOptions } from './session-options'

/** Duration of playback without a stall after which attempts count from zero again, in milliseconds. */
const healthyMs = 5_000
/** Time that a paused stream stays connected, in milliseconds. */
const pauseGraceMs = 30_000
/** Reconnects because of a frozen picture before the picture is left alone: its camera may be off. */
const maxPictureReconnects = 2

/**
 * The life of one source: opens a {@link Connection}, replaces a lost one, pauses, ends or gives up.
 */
export class LiveSession {
  readonly #options: SessionOptions
  #state: PlayerState = 'idle'
  #src: string | null = null
  #playRequested = false
  #error: PlayerError | null = null
  #connection: Connection | null = null

  readonly #retries: RetrySchedule
  #everPlayed = false
  #recovering = false
  #reconnects = 0
  #pictureReconnects = 0

  readonly #page: PageWatch
  #cancelGrace: (() => void) | null = null

  constructor(options: SessionOptions) {
    this.#options = options
    this.#page = new PageWatch(options.environment, {
      online: () => this.#retries.networkReturned(),
      visibilityChanged: (hidden) => this.#visibilityChanged(hidden),
    })
    this.#retries = new RetrySchedule({
      environment: options.environment,
      isLocal: () => this.#isLocal(),
      retry: () => this.#connect(),
      offline: () => options.listener.messageChanged(),
    })
  }

  get state(): PlayerState {
    return this.#state
  }

  /** The reason for giving up; `null` except in the state `failed`. */
  get error(): PlayerError | null {
    return this.#error
  }

  /** True when the stream should play, even while it is not playing yet. */
  get playRequested(): boolean {
    return this.#playRequested
  }

  get engineName(): string | null {
    return this.#connection?.engineName ?? null
  }

  /** True while the video element holds a stream that is being received. */
  get connected(): boolean {
    return this.#connection?.receiving ?? false
  }

  /** The current or scheduled reconnect attempt; 0 when there is none. */
  get attempt(): number {
    return this.#retries.attempt
  }

  /** The reason why the last connection ended. */
  get lastReason(): PlayerErrorReason {
    return this.#retries.lastReason
  }

  /** True when this source has played before. */
  get everPlayed(): boolean {
    return this.#everPlayed
  }

  /** True while a retry waits for the device to be online. */
  get awaitingNetwork(): boolean {
    return this.#retries.awaitingNetwork
  }

  /** Successful reconnects since the source was set. */
  get reconnects(): number {
    return this.#reconnects
  }

  /** Milliseconds from the start of this connection to its first frame; `null` before it. */
  get timeToFirstFrame(): number | null {
    return this.#connection?.timeToFirstFrame ?? null
  }

  get bytesReceived(): number {
    return this.#connection?.bytesReceived ?? 0
  }

  /** Milliseconds since the page was hidden; `null` while it is visible. */
  get hiddenForMs(): number | null {
    return this.#page.hiddenForMs
  }

  /** Sets a new source. `null` closes everything. */
  open(src: string | null, play: boolean): void {
    this.#close()
    this.#connection = null
    this.#src = src
    this.#playRequested = src !== null && play
    this.#error = null
    this.#retries.resetAttempts()
    this.#everPlayed = false
    this.#recovering = false
    this.#reconnects = 0
    this.#pictureReconnects = 0
    if (src === null) {
      this.#signal('clear')
      return
    }
    this.#page.start()
    if (play) this.#connect()
    else this.#signal('hold')
  }

  /**
   * Requests playback.
   *
   * @returns true when the video element already holds the stream; otherwise `playable` follows.
   */
  play(): boolean {
    this.#playRequested = this.#src !== null
    this.#cancelGrace?.()
    if (this.#src === null) return false
    if (this.#connection?.receiving) {
      if (this.#state === 'paused') {
        catchUp(this.#options.video(), this.#options.settings.latency)
        this.#connection.resetWatchdog()
        this.#signal('connect')
      }
      this.#connection.watch()
      return true
    }
    if (this.#isConnecting) return false
    this.#error = null
    this.#retries.resetAttempts()
    this.#page.start()
    this.#connect()
    return false
  }

  /** Pauses. The connection is closed after 30 s; the last picture stays. */
  pause(): void {
    this.#playRequested = false
    if (!this.connected) this.#abandon()
    this.#signal('pause')
    this.#connection?.unwatch()
    this.#cancelGrace?.()
    const { clock } = this.#options.environment
    this.#cancelGrace = clock.after(pauseGraceMs, () => this.#abandon())
  }

  /** Notes that the playhead moved. */
  progressed(): void {
    if (!this.#connection?.receiving || !this.#playRequested) return
    const playingMs = this.#connection.progressed()
    this.#everPlayed = true
    this.#signal('progress')
    if (this.#recovering) {
      this.#recovering = false
      this.#reconnects += 1
      this.#options.listener.recovered()
    }
    if (playingMs >= healthyMs) this.#retries.resetAttempts()
  }

  /** Notes that the first frame of this connection is decoded. */
  firstFrame(): void {
    this.#connection?.firstFrame()
  }

  /** Handles an error of the video element. */
  videoFailed(error: PlayerError): void {
    if (this.connected) this.#lost(error, 'stuck')
  }

  /** Listens to the new page after the element has moved to another document. */
  documentChanged(): void {
    this.#page.restart()
  }

  get #isConnecting(): boolean {
    return this.#state === 'loading' || this.#state === 'waiting' || this.#state === 'reconnecting'
  }

  #connect(): void {
    const { video, loaders, settings, environment, listener } = this.#options
    this.#signal('connect')
    // A listener of the new state may have paused or removed the source.
    if (!this.#playRequested) return
    this.#cancelTimers()
    this.#connection?.close()
    this.#connection = new Connection({
      src: this.#src ?? '',
      attempt: this.#retries.attempt,
      lastReason: this.#retries.lastReason,
      urlProvider: settings.urlProvider,
      latency: settings.latency,
      trustPicture: this.#pictureReconnects < maxPictureReconnects,
      video: video(),
      loaders,
      environment,
      listener: {
        attached: () => listener.playable(),
        stalled: () => this.#signal('stall'),
        lost: (error, loss) => this.#lost(error, loss),
      },
    })
  }

  #lost(error: PlayerError, loss: Loss): void {
    if (!this.#playRequested) {
      this.#abandon()
      return
    }
    if (this.#connection?.pictureWasSteady) this.#pictureReconnects = 0
    if (loss === 'frozen-picture') this.#pictureReconnects += 1
    this.#connection?.end()
    const { settings, listener, video } = this.#options
    const retry = this.#retries.schedule(error.reason, {
      limit: settings.reconnectLimit,
      freshAddress: settings.urlProvider !== null,
      // Play the buffered rest first: it may hold the end of a sentence.
      minDelay: loss === 'ended' ? Math.round(bufferAhead(video()) * 1000) : 0,
    })
    if (!retry) {
      this.#giveUp(error)
      return
    }
    this.#recovering ||= this.#everPlayed
    const previous = this.#state
    this.#signal(error.reason === 'not-live' ? 'not-live' : 'lost')
    listener.retryScheduled({ ...retry, error })
    if (previous === this.#state) listener.messageChanged()
  }

  /** True for an address on this machine, which needs no network. */
  #isLocal(): boolean {
    return isLoopback(classifySource(this.#src ?? '', this.#options.environment.baseUrl()).url)
  }

  #giveUp(error: PlayerError): void {
    this.#close()
    this.#playRequested = false
    const ended = error.reason === 'not-live' && this.#everPlayed
    this.#error = ended ? null : error
    this.#signal(ended ? 'end' : 'fail')
  }

  #visibilityChanged(hidden: boolean): void {
    const { listener, settings, video } = this.#options
    this.#connection?.resetWatchdog()
    if (hidden || !this.#playRequested || !this.connected) return
    catchUp(video(), settings.latency)
    listener.playable()
  }

  #signal(signal: SessionSignal): void {
    const previous = this.#state
    this.#state = nextState(previous, signal)
    if (this.#state !== previous) this.#options.listener.stateChanged(this.#state, previous)
  }

  /** Stops receiving and cancels the retry. The last picture stays. */
  #abandon(): void {
    this.#cancelTimers()
    this.#connection?.end()
  }

  #close(): void {
    this.#cancelTimers()
    this.#connection?.close()
    this.#page.stop()
  }

  #cancelTimers(): void {
    this.#retries.cancel()
    this.#cancelGrace?.()
    this.#cancelGrace = null
  }
}
