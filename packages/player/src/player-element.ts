import { CustomVideoElement } from 'custom-media-element'
import {
  type AutoplayMode,
  AutoplayModes,
  DEFAULT_LATENCY,
  type PLAYER_TAG,
  PlayerAttributes,
  PlayerEvents,
  PlayerProps,
  type PlayerState,
} from './constants'
import { engineLoaders } from './engines/registry'
import { describe, type PlayerAction, type Situation } from './messages/describe'
import { labelsFor, type PlayerLabelOverrides } from './messages/labels'
import { languageOf } from './messages/language'
import { Overlay } from './messages/overlay'
import { PlayerError } from './player-error'
import type { PlayerEventMap } from './player-events'
import { pageEnvironment } from './session/environment'
import {
  LiveSession,
  rangesOf,
  type SessionListener,
  type SessionSettings,
  type UrlProvider,
} from './session/live-session'
import { parseReconnect } from './session/reconnect-policy'
import { applyStyles, TEMPLATE } from './template'

/** Numbers about the present connection. */
export interface PlayerStats {
  framesDecoded: number
  framesDropped: number
  /** Milliseconds from the start of this connection to its first picture, `null` before it. */
  timeToFirstFrame: number | null
  /** Seconds of media after the playhead. */
  bufferAhead: number
  bytesReceived: number
  /** Times that a lost stream came back since the source was set. */
  reconnects: number
}

type OwnListener<Options> = <K extends keyof PlayerEventMap>(
  type: K,
  listener: (this: IvhPlayerElement, event: PlayerEventMap[K]) => unknown,
  options?: Options,
) => void

/** Seconds behind the live edge, beyond the target latency, that still count as live. */
const LIVE_EDGE_TOLERANCE = 2

/**
 * A live stream as a media element: everything a `<video>` has, and a player that connects,
 * catches up, reconnects and explains itself.
 *
 * @example
 * ```html
 * <ivh-player src="https://play.example.com/live/m789.flv" autoplay></ivh-player>
 * ```
 *
 * @attr src - Address of the stream.
 * @attr autoplay - Start by itself: empty, `muted` or `sound`. See {@link AutoplayModes}.
 * @attr latency - Seconds to stay behind the live edge. Default 1.
 * @attr reconnect - Attempts in a row before giving up, or `infinite`. Default `infinite`.
 * @attr volume - Initial volume from 0 to 1.
 * @attr muted - Initially without sound.
 * @attr poster - Picture to show while there is none.
 * @attr controls - Show the browser's controls.
 *
 * @fires statechange - `detail: { state, previous }`
 * @fires autoplayblocked - `detail: { muted }`; `preventDefault()` keeps it from starting muted.
 * @fires reconnecting - `detail: { attempt, delay, reason }`
 * @fires reconnected
 *
 * @csspart video - The inner video element.
 * @csspart message - The box that says what is going on.
 * @csspart message-title - Its sentence.
 * @csspart message-detail - Its next step.
 * @csspart action - The button: sound, play or try again.
 *
 * @cssproperty --media-object-fit - `object-fit` of the video. Default `contain`.
 * @cssproperty --media-object-position - `object-position` of the video. Default `50% 50%`.
 * @cssproperty --ivh-message-color - Text colour of messages and button.
 * @cssproperty --ivh-message-background - Background of messages and button.
 *
 * @slot media - A `<video>` of your own to use instead of the inner one.
 */
export class IvhPlayerElement extends CustomVideoElement {
  static override getTemplateHTML = (): string => TEMPLATE

  static override get observedAttributes(): string[] {
    const { VOLUME, LATENCY, RECONNECT, LANG } = PlayerAttributes
    return [...CustomVideoElement.observedAttributes, VOLUME, LATENCY, RECONNECT, LANG]
  }

  declare addEventListener: OwnListener<boolean | AddEventListenerOptions> &
    HTMLVideoElement['addEventListener']
  declare removeEventListener: OwnListener<boolean | EventListenerOptions> &
    HTMLVideoElement['removeEventListener']

  #urlProvider: UrlProvider | null = null
  #labels: PlayerLabelOverrides = {}
  #session: LiveSession | null = null
  #overlay: Overlay | null = null
  #loadQueued = false
  #blocked: Situation['blocked'] = null
  #muted = false
  #soundChosen = false
  #position = 0
  #waiting: Array<{ resolve: () => void; reject: (cause: unknown) => void }> = []
  #gesture: AbortController | null = null

  // ---- what it is doing -------------------------------------------------------------------

  /** What the player is doing. */
  get state(): PlayerState {
    return this.#session?.state ?? 'idle'
  }

  /** Name of the engine in use, such as `flv`; `null` when there is none. */
  get engine(): string | null {
    return this.#session?.engineName ?? null
  }

  /** Why playback was given up; `null` except in the state `failed`. */
  override get error(): PlayerError | null {
    return this.#session?.error ?? null
  }

  /** Numbers about the present connection. */
  get stats(): PlayerStats {
    const quality = this.nativeEl?.getVideoPlaybackQuality?.()
    return {
      framesDecoded: quality?.totalVideoFrames ?? 0,
      framesDropped: quality?.droppedVideoFrames ?? 0,
      timeToFirstFrame: this.#session?.timeToFirstFrame ?? null,
      bufferAhead: this.#session?.bufferAhead ?? 0,
      bytesReceived: this.#session?.bytesReceived ?? 0,
      reconnects: this.#session?.reconnects ?? 0,
    }
  }

  /** For media-chrome and others that follow the media-ui-extensions proposals. */
  get streamType(): 'live' {
    return 'live'
  }

  /** 0: live without a rewind window. */
  get targetLiveWindow(): number {
    return 0
  }

  /** From this position on, the picture counts as live. */
  get liveEdgeStart(): number {
    const edge = this.nativeEl && rangesOf(this.nativeEl).at(-1)
    return edge ? Math.max(edge.start, edge.end - this.latency - LIVE_EDGE_TOLERANCE) : 0
  }

  // ---- how it should do it ----------------------------------------------------------------

  /** Seconds to stay behind the live edge; a change counts from the next connection on. */
  get latency(): number {
    const seconds = Number(this.getAttribute(PlayerAttributes.LATENCY) || Number.NaN)
    return seconds > 0 && Number.isFinite(seconds) ? seconds : DEFAULT_LATENCY
  }

  set latency(seconds: number) {
    this.setAttribute(PlayerAttributes.LATENCY, `${seconds}`)
  }

  /** Attempts in a row before giving up; `Infinity` by default. */
  get reconnect(): number {
    return parseReconnect(this.getAttribute(PlayerAttributes.RECONNECT))
  }

  set reconnect(attempts: number) {
    this.setAttribute(
      PlayerAttributes.RECONNECT,
      attempts === Number.POSITIVE_INFINITY ? 'infinite' : `${attempts}`,
    )
  }

  /**
   * Asked for the address of every reconnect; signed addresses expire. The first connection uses
   * `src`. May return a promise; 10 s without an answer count as a failed attempt.
   */
  get urlProvider(): UrlProvider | null {
    return this.#urlProvider
  }

  set urlProvider(provider: UrlProvider | null) {
    this.#urlProvider = provider
  }

  /** Words in place of the player's own. */
  get labels(): PlayerLabelOverrides {
    return this.#labels
  }

  set labels(labels: PlayerLabelOverrides) {
    this.#labels = labels
    this.#render()
  }

  // ---- the media element ------------------------------------------------------------------

  /** Whether nobody wants it to play. A stream that is being waited for is not paused. */
  override get paused(): boolean {
    return !this.#session?.wanted
  }

  override get ended(): boolean {
    return this.state === 'ended'
  }

  override get currentTime(): number {
    return this.nativeEl?.currentTime ?? 0
  }

  /** Seeks within the buffer; forward only up to the latency before the live edge, where it would stall. */
  override set currentTime(seconds: number) {
    const video = this.nativeEl
    if (!video) return
    const edge = rangesOf(video).at(-1)
    const latest = edge ? Math.max(video.currentTime, edge.end - this.latency) : seconds
    video.currentTime = Math.min(seconds, latest)
  }

  /**
   * Plays, connecting first if need be.
   *
   * @returns settled as a `<video>` would: rejected with `NotAllowedError` when the browser wants
   *   a gesture first, with `AbortError` when paused or reloaded meanwhile, with the
   *   {@link PlayerError} when given up, with `NotSupportedError` without a `src`.
   */
  override play(): Promise<void> {
    const session = this.#ready()
    if (this.#loadQueued) this.load()
    if (!this.hasAttribute(PlayerAttributes.SRC))
      return Promise.reject(new DOMException('The player has no src.', 'NotSupportedError'))
    const started = new Promise<void>((resolve, reject) => {
      this.#waiting.push({ resolve, reject })
    })
    if (session.play()) void this.#startPlayback()
    else if (this.nativeEl.paused) {
      // Safari lifts its block only for a call made inside the gesture, and by the time the
      // stream is there the gesture is over. The promise of this call ends with the next load.
      this.nativeEl.play().catch(() => undefined)
    }
    return started
  }

  /** Pauses. After 30 s the connection is closed; playing again starts at the live edge. */
  override pause(): void {
    const session = this.#ready()
    const wanted = session.wanted
    session.pause()
    this.#settle(new DOMException('The player was paused.', 'AbortError'))
    if (!this.nativeEl.paused) this.nativeEl.pause()
    else if (wanted) this.dispatchEvent(new CustomEvent('pause'))
  }

  /** Connects anew, as after a change of `src`. Also the way out of `failed` and `ended`. */
  override load(): void {
    const session = this.#ready()
    this.#loadQueued = false
    this.#settle(new DOMException('The player was reloaded.', 'AbortError'))
    this.#disarm()
    this.#position = 0
    const mode = this.#autoplayMode
    if (mode === AutoplayModes.MUTED && !this.#soundChosen) this.#mute()
    else if (this.#blocked === 'play') this.#blocked = null
    const src = this.getAttribute(PlayerAttributes.SRC)
    session.open(src || null, session.wanted || mode !== null)
  }

  /** Turns the sound on and plays; call it from a click or a tap. */
  resume(): Promise<void> {
    this.#ready()
    this.#soundChosen = true
    this.nativeEl.muted = false
    return this.play()
  }

  // ---- custom element ---------------------------------------------------------------------

  override init(): void {
    // First of all: the base class hands over properties set before, `src` among them.
    this.#session = new LiveSession({
      video: () => this.nativeEl,
      loaders: engineLoaders,
      settings: this.#settings(),
      listener: this.#listener(),
      environment: pageEnvironment(),
    })
    super.init()
    this.#muted = this.nativeEl.muted
    if (this.shadowRoot) {
      applyStyles(this.shadowRoot)
      this.#overlay = new Overlay(this.shadowRoot, (action) => this.#act(action))
    }
    const { LATENCY, RECONNECT, LABELS, URL_PROVIDER } = PlayerProps
    for (const property of [LATENCY, RECONNECT, LABELS, URL_PROVIDER])
      upgradeProperty(this, property)
  }

  override attributeChangedCallback(
    name: string,
    previous: string | null,
    value: string | null,
  ): void {
    const { SRC, AUTOPLAY, PLAYSINLINE, VOLUME, LANG } = PlayerAttributes
    this.#ready()
    switch (name) {
      case SRC:
        this.#queueLoad()
        return
      case AUTOPLAY:
        // Kept from the inner video: its own autoplay would not say when the browser refuses.
        if (value !== null && this.state === 'paused' && !this.#session?.everPlayed)
          this.#queueLoad()
        return
      case PLAYSINLINE:
        return
      case VOLUME:
        this.nativeEl.volume = Math.min(1, Math.max(0, Number(value ?? 1) || 0))
        return
      case LANG:
        this.#render()
        return
      default:
        super.attributeChangedCallback(name, previous, value)
    }
  }

  override connectedCallback(): void {
    super.connectedCallback()
    const session = this.#ready()
    if (session.state === 'idle' && this.hasAttribute(PlayerAttributes.SRC)) this.#queueLoad()
    // Moving in the document pauses the video in some browsers.
    else if (session.wanted && session.connected && this.nativeEl.paused) void this.#startPlayback()
    this.#render()
  }

  override disconnectedCallback(): void {
    super.disconnectedCallback()
    // An element that is being moved is back before the microtask runs, and plays on.
    queueMicrotask(() => {
      if (this.isConnected) return
      this.#settle(new DOMException('The player was removed.', 'AbortError'))
      this.#disarm()
      this.#session?.open(null, false)
    })
  }

  override handleEvent(event: Event): void {
    if (event.target === this.nativeEl && this.#observe(event.type)) super.handleEvent(event)
  }

  /** Takes notice of an event of the inner video. @returns whether the page is to hear of it. */
  #observe(type: string): boolean {
    const session = this.#ready()
    const video = this.nativeEl
    switch (type) {
      case 'loadeddata':
        session.pictured()
        return true
      case 'timeupdate':
        if (!video.paused && !video.seeking && video.currentTime > this.#position)
          session.progressed()
        this.#position = video.currentTime
        return true
      case 'play':
        // Pressed in the browser's own controls.
        if (!session.wanted) session.play()
        return true
      case 'pause':
        if (!session.wanted) return true
        // Browsers pause by themselves at the end of the buffer and in hidden pages.
        if (video.ended || !session.connected || document.hidden) return false
        session.pause()
        return true
      case 'volumechange':
        this.#soundChanged()
        return true
      case 'error':
        if (video.error) session.faulted(videoFault(video.error))
        return false
      case 'ended':
        return false
      default:
        return true
    }
  }

  #ready(): LiveSession {
    // Reading nativeEl makes the base class initialise, which calls init().
    void this.nativeEl
    if (!this.#session) throw new Error('<ivh-player> needs a browser.')
    return this.#session
  }

  #settings(): SessionSettings {
    const player = this
    return {
      get latency() {
        return player.latency
      },
      get reconnectLimit() {
        return player.reconnect
      },
      get urlProvider() {
        return player.urlProvider
      },
    }
  }

  #listener(): SessionListener {
    return {
      stateChanged: (state, previous) => {
        if (state === 'playing' && this.#blocked === 'play') this.#disarm()
        this.#render()
        this.#fire(PlayerEvents.STATE_CHANGE, { state, previous })
        if (state === 'failed') {
          this.#settle(this.error)
          this.dispatchEvent(new CustomEvent('error'))
        }
        if (state === 'ended') {
          this.#settle(new DOMException('The stream has ended.', 'AbortError'))
          this.dispatchEvent(new CustomEvent('ended'))
        }
      },
      playable: () => void this.#startPlayback(),
      planned: (attempt) => this.#fire(PlayerEvents.RECONNECTING, attempt),
      recovered: () => this.#fire(PlayerEvents.RECONNECTED, undefined),
      changed: () => this.#render(),
    }
  }

  /** Several attributes set in a row lead to one load. */
  #queueLoad(): void {
    if (this.#loadQueued) return
    this.#loadQueued = true
    queueMicrotask(() => {
      if (!this.#loadQueued) return
      this.#loadQueued = false
      if (this.isConnected) this.load()
    })
  }

  get #autoplayMode(): AutoplayMode | null {
    switch (this.getAttribute(PlayerAttributes.AUTOPLAY)) {
      case null:
        return null
      case AutoplayModes.MUTED:
        return AutoplayModes.MUTED
      case AutoplayModes.SOUND:
        return AutoplayModes.SOUND
      default:
        return AutoplayModes.ANY
    }
  }

  // ---- starting, and being refused --------------------------------------------------------

  async #startPlayback(): Promise<void> {
    try {
      await this.nativeEl.play()
      this.#settle(null)
    } catch (cause) {
      this.#refused(cause)
    }
  }

  #refused(cause: unknown): void {
    const session = this.#ready()
    const name = cause instanceof DOMException ? cause.name : ''
    // A reload or a pause came in between; that is no refusal and mutes nobody.
    if (name === 'AbortError' || !session.wanted) return
    const asked = this.#waiting.length > 0
    if (this.nativeEl.muted) {
      this.#offerPlay(cause)
      this.#armGesture()
      return
    }
    if (name !== 'NotAllowedError') {
      this.#settle(cause)
      return
    }
    const mayMute = !asked && !this.#soundChosen && this.#autoplayMode === AutoplayModes.ANY
    const allowed = this.#fire(PlayerEvents.AUTOPLAY_BLOCKED, { muted: mayMute }, true)
    if (!session.wanted) return
    if (mayMute && allowed) {
      this.#mute()
      void this.#startPlayback()
    } else this.#offerPlay(cause)
  }

  #mute(): void {
    this.nativeEl.muted = true
    this.#muted = true
    this.#blocked = 'sound'
    this.#render()
  }

  /** The browser will play only after a gesture: pause, and show the button. */
  #offerPlay(cause: unknown): void {
    this.#settle(cause)
    this.#blocked = 'play'
    this.pause()
    this.#render()
  }

  /** Where even silent playback was refused, any gesture anywhere will do. */
  #armGesture(): void {
    this.#gesture?.abort()
    this.#gesture = new AbortController()
    const { signal } = this.#gesture
    for (const type of ['pointerdown', 'touchstart', 'keydown'])
      document.addEventListener(type, () => this.#act('play'), {
        capture: true,
        once: true,
        signal,
      })
  }

  #disarm(): void {
    this.#gesture?.abort()
    this.#gesture = null
    if (this.#blocked === 'play') this.#blocked = this.#muted && !this.#soundChosen ? 'sound' : null
  }

  #soundChanged(): void {
    const { muted } = this.nativeEl
    if (this.#muted && !muted) {
      // From now on the visitor's choice: no reconnect may take the sound away again.
      this.#soundChosen = true
      if (this.#blocked === 'sound') this.#blocked = null
      this.#render()
    }
    this.#muted = muted
  }

  #act(action: PlayerAction): void {
    this.#disarm()
    // A refusal shows the button again.
    if (action === 'unmute') this.resume().catch(() => undefined)
    else if (action === 'play') this.play().catch(() => undefined)
    else {
      this.load()
      this.play().catch(() => undefined)
    }
    this.#render()
  }

  // ---- telling ----------------------------------------------------------------------------

  #settle(cause: unknown): void {
    const waiting = this.#waiting
    this.#waiting = []
    for (const { resolve, reject } of waiting) cause === null ? resolve() : reject(cause)
  }

  #fire<K extends keyof PlayerEventMap>(
    type: K,
    detail: PlayerEventMap[K]['detail'],
    cancelable = false,
  ): boolean {
    return this.dispatchEvent(new CustomEvent(type, { detail, cancelable }))
  }

  #render(): void {
    const session = this.#session
    if (!session) return
    const labels = labelsFor(languageOf(this), this.#labels)
    const situation: Situation = {
      state: session.state,
      error: session.error,
      attempt: session.attempt,
      everPlayed: session.everPlayed,
      offline: session.awaitingNetwork,
      blocked: this.#blocked,
    }
    this.#overlay?.render(describe(situation, labels), session.state)
  }
}

/** A property set before the element was defined hides the accessor; set it again through it. */
function upgradeProperty<T extends object>(target: T, name: keyof T): void {
  const own = Object.getOwnPropertyDescriptor(target, name)
  if (!own || !('value' in own)) return
  delete target[name]
  target[name] = own.value
}

function videoFault({ code, message }: MediaError): PlayerError {
  const detail = message ? ` (${message})` : ''
  return code === MediaError.MEDIA_ERR_SRC_NOT_SUPPORTED
    ? new PlayerError({
        reason: 'codec',
        message: `This browser cannot decode the stream${detail}.`,
      })
    : new PlayerError({ reason: 'decode', message: `Decoding the stream failed${detail}.` })
}

declare global {
  interface HTMLElementTagNameMap {
    [PLAYER_TAG]: IvhPlayerElement
  }
}
