import type { PlayerState } from '../constants'
import type { Engine, EngineEvents, EngineLoader } from '../engines/engine'
import { PlayerError, type PlayerErrorReason } from '../player-error'
import { classifySource, isLoopback, isMixedContent, type Source } from '../source/classify-source'
import { mixedContent, unsupportedSource } from '../source/unsupported-source'
import type { SessionEnvironment } from './environment'
import { nextState, type SessionSignal } from './next-state'
import { decideReconnect } from './reconnect-policy'
import { type BufferedRange, StallWatchdog } from './stall-watchdog'

/** What `urlProvider` is told. */
export interface UrlRequest {
  /** The `src` of the element. */
  src: string
  /** The attempt that the address is for, from 1. */
  attempt: number
  /** Why the last connection ended. */
  reason: PlayerErrorReason
  /** Aborted when the answer is no longer wanted. */
  signal: AbortSignal
}

/** Gives the address for a reconnect; signed addresses expire, so the old one may be refused. */
export type UrlProvider = (request: UrlRequest) => string | Promise<string>

/** A planned attempt. */
export interface PlannedAttempt {
  /** From 1. */
  attempt: number
  /** Milliseconds until then. */
  delay: number
  reason: PlayerErrorReason
}

/** Settings that may change at any time; read when needed. */
export interface SessionSettings {
  readonly latency: number
  readonly reconnectLimit: number
  readonly urlProvider: UrlProvider | null
}

/** What the session tells the element. */
export interface SessionListener {
  stateChanged(state: PlayerState, previous: PlayerState): void
  /** The video element holds a stream that should be playing now. */
  playable(): void
  planned(attempt: PlannedAttempt): void
  recovered(): void
  /** Something to show changed within the same state. */
  changed(): void
}

/** The part of the video element that the session looks at. */
export type SessionVideo = Pick<HTMLVideoElement, 'currentTime' | 'buffered'>

/** What a session works with. */
export interface SessionOptions {
  video: () => HTMLVideoElement
  loaders: readonly EngineLoader[]
  settings: SessionSettings
  listener: SessionListener
  environment: SessionEnvironment
}

const TICK = 500
/** Milliseconds of uninterrupted playing after which attempts are counted from zero again. */
const HEALTHY = 5_000
/** Milliseconds that a paused stream stays connected. */
const PAUSE_GRACE = 30_000
/** Milliseconds that `urlProvider` may take. */
const PROVIDER_PATIENCE = 10_000

/**
 * The life of one source: connects, watches, reconnects, gives up. It knows no engine and
 * no page, only their contracts. Every connection has a generation number; whatever comes from
 * another generation than the present one is ignored.
 */
export class LiveSession {
  readonly #options: SessionOptions
  readonly #watchdog: StallWatchdog
  #state: PlayerState = 'idle'
  #src: string | null = null
  #wanted = false
  #error: PlayerError | null = null

  #generation = 0
  #engine: Engine | null = null
  #engineName: string | null = null
  #suspended = false
  #attempt = 0
  #lastReason: PlayerErrorReason = 'network'
  #everPlayed = false
  #recovering = false
  #healthySince: number | null = null
  #reconnects = 0
  #awaitingNetwork = false
  #connectedAt = 0
  #timeToFirstFrame: number | null = null

  #cancelRetry: (() => void) | null = null
  #cancelTick: (() => void) | null = null
  #cancelGrace: (() => void) | null = null
  #request: AbortController | null = null
  #stopListening: (() => void) | null = null

  constructor(options: SessionOptions) {
    this.#options = options
    this.#watchdog = new StallWatchdog(options.environment.now())
  }

  get state(): PlayerState {
    return this.#state
  }

  get error(): PlayerError | null {
    return this.#error
  }

  /** Whether somebody wants the stream to play, whatever it is doing now. */
  get wanted(): boolean {
    return this.#wanted
  }

  get engineName(): string | null {
    return this.#engine ? this.#engineName : null
  }

  /** Whether the video element holds a stream that is being received. */
  get connected(): boolean {
    return this.#engine !== null && !this.#suspended
  }

  get attempt(): number {
    return this.#attempt
  }

  get everPlayed(): boolean {
    return this.#everPlayed
  }

  get awaitingNetwork(): boolean {
    return this.#awaitingNetwork
  }

  /** Successful reconnects since the source was set. */
  get reconnects(): number {
    return this.#reconnects
  }

  /** Milliseconds from the start of the present connection to its first picture. */
  get timeToFirstFrame(): number | null {
    return this.#timeToFirstFrame
  }

  get bytesReceived(): number {
    return this.#engine?.bytesReceived ?? 0
  }

  /** Takes a new source; `null` tears everything down. */
  open(src: string | null, play: boolean): void {
    this.#stop()
    this.#src = src
    this.#wanted = src !== null && play
    this.#error = null
    this.#attempt = 0
    this.#everPlayed = false
    this.#recovering = false
    this.#reconnects = 0
    this.#timeToFirstFrame = null
    if (src === null) {
      this.#signal('clear')
      return
    }
    this.#listen()
    this.#signal(play ? 'connect' : 'hold')
    if (play) void this.#connect()
  }

  /**
   * Somebody wants to see the stream.
   *
   * @returns whether the video element already holds it; if not, `playable` will follow.
   */
  play(): boolean {
    this.#wanted = this.#src !== null
    this.#cancelGrace?.()
    if (this.#src === null) return false
    if (this.connected) {
      if (this.#state === 'paused') {
        this.catchUp()
        this.#watchdog.reset(this.#options.environment.now())
        this.#signal('connect')
      }
      this.#watch()
      return true
    }
    if (this.#busy) return false
    this.#error = null
    this.#attempt = 0
    this.#listen()
    this.#signal('connect')
    void this.#connect()
    return false
  }

  /** Somebody paused. The connection is kept for a while, then closed; the picture stays. */
  pause(): void {
    this.#wanted = false
    if (!this.connected) this.#abandon()
    this.#signal('pause')
    this.#cancelTick?.()
    this.#cancelGrace?.()
    this.#cancelGrace = this.#options.environment.schedule(() => this.#abandon(), PAUSE_GRACE)
  }

  /** The playhead moved. */
  progressed(): void {
    if (!this.connected || !this.#wanted) return
    const now = this.#options.environment.now()
    this.#healthySince ??= now
    this.#everPlayed = true
    this.#signal('progress')
    if (this.#recovering) {
      this.#recovering = false
      this.#reconnects += 1
      this.#options.listener.recovered()
    }
    if (now - this.#healthySince >= HEALTHY) this.#attempt = 0
  }

  /** The first picture of this connection is there. */
  pictured(): void {
    this.#timeToFirstFrame ??= this.#options.environment.now() - this.#connectedAt
  }

  /** The video element itself reports a fault. */
  faulted(error: PlayerError): void {
    if (this.connected) this.#lost(error)
  }

  /** Jumps to the live edge when the picture has fallen behind it. */
  catchUp(): void {
    const video = this.#options.video()
    const { latency } = this.#options.settings
    const edge = rangesOf(video).at(-1)
    if (edge && edge.end - video.currentTime > latency + 1)
      video.currentTime = Math.max(edge.start, edge.end - latency)
  }

  /** Seconds of media after the playhead. */
  get bufferAhead(): number {
    const video = this.#options.video()
    const edge = rangesOf(video).at(-1)
    return edge ? Math.max(0, edge.end - video.currentTime) : 0
  }

  get #busy(): boolean {
    return this.#state === 'loading' || this.#state === 'waiting' || this.#state === 'reconnecting'
  }

  async #connect(): Promise<void> {
    const { environment } = this.#options
    const generation = this.#newConnection()
    this.#connectedAt = environment.now()
    this.#timeToFirstFrame = null
    this.#healthySince = null
    try {
      const source = await this.#resolve()
      if (generation !== this.#generation) return
      const loader = this.#options.loaders.find((one) => one.canPlay(source))
      if (!loader) throw unsupportedSource(source, (one) => this.#canPlay(one))
      const createEngine = await fetchEngine(loader)
      if (generation !== this.#generation) return
      this.#engineName = loader.name
      this.#engine = createEngine({
        video: this.#options.video(),
        source,
        latency: this.#options.settings.latency,
        events: this.#eventsOf(generation),
      })
      this.#watchdog.reset(environment.now())
      this.#watch()
    } catch (cause) {
      if (generation === this.#generation) this.#lost(asPlayerError(cause))
    }
  }

  #eventsOf(generation: number): EngineEvents {
    return {
      attached: () => {
        if (generation === this.#generation) this.#options.listener.playable()
      },
      lost: (error) => {
        if (generation === this.#generation) this.#lost(error)
      },
    }
  }

  async #resolve(): Promise<Source> {
    const base = this.#options.environment.base()
    const source = classifySource(await this.#address(), base)
    if (isMixedContent(source.url, base)) throw mixedContent(source.url)
    return source
  }

  async #address(): Promise<string> {
    const src = this.#src ?? ''
    const { urlProvider } = this.#options.settings
    if (!urlProvider || this.#attempt === 0) return src
    const request = new AbortController()
    this.#request = request
    const { environment } = this.#options
    const cancel = environment.schedule(() => request.abort(), PROVIDER_PATIENCE)
    try {
      return await Promise.race([
        urlProvider({
          src,
          attempt: this.#attempt,
          reason: this.#lastReason,
          signal: request.signal,
        }),
        rejectOnAbort(request.signal),
      ])
    } catch (cause) {
      throw new PlayerError({
        reason: 'signaling',
        cause,
        message: `urlProvider gave no address: ${cause instanceof Error ? cause.message : 'it threw'}.`,
      })
    } finally {
      cancel()
    }
  }

  #canPlay(source: Source): boolean {
    return this.#options.loaders.some((loader) => loader.canPlay(source))
  }

  #lost(error: PlayerError): void {
    const { environment, settings, listener } = this.#options
    if (!this.#wanted) {
      this.#abandon()
      return
    }
    // From here on nothing of this connection is listened to. Its picture stays until the next one.
    this.#generation += 1
    this.#cancelTick?.()
    this.#request?.abort()
    this.#suspend()
    this.#lastReason = error.reason
    const decision = decideReconnect({
      reason: error.reason,
      attempt: this.#attempt,
      limit: settings.reconnectLimit,
      freshAddress: settings.urlProvider !== null,
      random: environment.random(),
    })
    if (!decision.retry) {
      this.#giveUp(error)
      return
    }
    this.#attempt += 1
    this.#recovering ||= this.#everPlayed
    // What has arrived is played out first: it may be the end of a sentence.
    const delay = Math.max(decision.delay, Math.round(this.bufferAhead * 1000))
    this.#cancelRetry = environment.schedule(() => this.#retry(), delay)
    const previous = this.#state
    this.#signal(error.reason === 'not-live' ? 'not-live' : 'lost')
    listener.planned({ attempt: this.#attempt, delay, reason: error.reason })
    if (previous === this.#state) listener.changed()
  }

  #retry(): void {
    const { environment, listener } = this.#options
    this.#cancelRetry?.()
    this.#cancelRetry = null
    this.#awaitingNetwork = !environment.online() && !this.#isLocal()
    if (this.#awaitingNetwork) {
      listener.changed()
      return
    }
    this.#signal('connect')
    void this.#connect()
  }

  /** A machine without a network still reaches itself. */
  #isLocal(): boolean {
    return isLoopback(classifySource(this.#src ?? '', this.#options.environment.base()).url)
  }

  #giveUp(error: PlayerError): void {
    this.#stop()
    this.#wanted = false
    this.#error = error
    if (error.reason === 'not-live' && this.#everPlayed) {
      this.#error = null
      this.#signal('end')
    } else this.#signal('fail')
  }

  #watch(): void {
    this.#cancelTick?.()
    this.#cancelTick = this.#options.environment.schedule(() => this.#tick(), TICK)
  }

  #tick(): void {
    const { environment } = this.#options
    if (!this.#wanted) return
    this.#watch()
    const now = environment.now()
    if (environment.hidden()) {
      this.#watchdog.reset(now)
      return
    }
    const video = this.#options.video()
    const advice = this.#watchdog.observe({
      now,
      position: video.currentTime,
      ranges: rangesOf(video),
    })
    switch (advice.action) {
      case 'none':
        return
      case 'standstill':
        this.#healthySince = null
        this.#signal('standstill')
        return
      case 'seek':
        video.currentTime = advice.to
        return
      case 'rebuild':
        this.#lost(
          new PlayerError({
            reason: 'network',
            message:
              advice.cause === 'silence'
                ? 'The connection is open, but no picture arrives.'
                : 'The picture is frozen although data arrives.',
          }),
        )
    }
  }

  #listen(): void {
    if (this.#stopListening) return
    const { environment } = this.#options
    const stopOnline = environment.onOnline(() => {
      if (!this.#awaitingNetwork && !this.#cancelRetry) return
      this.#awaitingNetwork = false
      this.#retry()
    })
    const stopVisibility = environment.onVisibility(() => {
      this.#watchdog.reset(environment.now())
      if (environment.hidden() || !this.#wanted || !this.connected) return
      this.catchUp()
      this.#options.listener.playable()
    })
    this.#stopListening = () => {
      stopOnline()
      stopVisibility()
    }
  }

  #signal(signal: SessionSignal): void {
    const previous = this.#state
    this.#state = nextState(previous, signal)
    if (this.#state !== previous) this.#options.listener.stateChanged(this.#state, previous)
  }

  #newConnection(): number {
    this.#cancelTimers()
    this.#engine?.destroy()
    this.#engine = null
    this.#suspended = false
    this.#awaitingNetwork = false
    this.#generation += 1
    return this.#generation
  }

  #suspend(): void {
    this.#suspended = true
    this.#engine?.suspend()
  }

  /** Nothing more is received or planned; the picture stays. */
  #abandon(): void {
    this.#generation += 1
    this.#cancelTimers()
    this.#awaitingNetwork = false
    this.#suspend()
  }

  #stop(): void {
    this.#newConnection()
    this.#stopListening?.()
    this.#stopListening = null
  }

  #cancelTimers(): void {
    this.#cancelRetry?.()
    this.#cancelTick?.()
    this.#cancelGrace?.()
    this.#cancelRetry = null
    this.#cancelTick = null
    this.#cancelGrace = null
    this.#request?.abort()
    this.#request = null
  }
}

/** The buffered stretches of a video element. */
export function rangesOf({ buffered }: SessionVideo): BufferedRange[] {
  return Array.from({ length: buffered.length }, (_, index) => ({
    start: buffered.start(index),
    end: buffered.end(index),
  }))
}

async function fetchEngine(loader: EngineLoader) {
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

function rejectOnAbort(signal: AbortSignal): Promise<never> {
  return new Promise((_resolve, reject) => {
    signal.addEventListener('abort', () => reject(new Error('no answer in time')), { once: true })
  })
}

function asPlayerError(cause: unknown): PlayerError {
  if (cause instanceof PlayerError) return cause
  return new PlayerError({
    reason: 'decode',
    cause,
    message: `The stream could not be set up: ${cause instanceof Error ? cause.message : 'unknown fault'}.`,
  })
}
