import { CustomVideoElement } from 'custom-media-element'
import { withoutFalse } from './boolean-attributes'
import { defaultLatency, type PlayerState, playerAttributes, type playerTag } from './constants'
import { initialVolumeOf, setOrRemove, upgradeProperty } from './element-properties'
import type { PlayerLabelOverrides } from './messages/labels'
import { PlayerController } from './playback/player-controller'
import type { OwnListener } from './playback/player-events'
import type { PlayerHost } from './playback/player-host'
import { type PlayerStats, readStats } from './playback/player-stats'
import type { PlayerError } from './player-error'
import { bufferedRanges, liveEdgeStart } from './session/live-edge'
import { parseReconnect } from './session/reconnect-policy'
import type { UrlProvider } from './session/request-address'
import { applyStyles, buildShadowTree } from './template'

/**
 * A media element for live streams. It has everything of a `<video>`, and it connects, catches up
 * with the live edge, reconnects and shows messages.
 *
 * @example
 * ```html
 * <ivh-player src="https://play.example.com/live/m789.flv" autoplay></ivh-player>
 * ```
 *
 * @attr src - Address of the stream.
 * @attr autoplay - Start automatically: empty, `muted` or `sound`. See {@link AutoplayMode}.
 * @attr latency - Seconds between the live edge and the picture, buffered before the start. Default 1.
 * @attr reconnect - Attempts in a row before giving up, or `infinite`. Default `infinite`.
 * @attr volume - Initial volume from 0 to 1.
 * @attr muted - Start without sound.
 * @attr poster - Image to show before the first frame.
 * @attr controls - Show the browser's controls.
 *
 * @fires statechange - `detail: { state, previous }`
 * @fires autoplayblocked - `detail: { muted }`; `preventDefault()` prevents a muted start.
 * @fires reconnecting - `detail: { attempt, delay, reason }`
 * @fires reconnected
 *
 * @csspart video - The inner video element.
 * @csspart message - The message for the visitor.
 * @csspart message-title - Its first line.
 * @csspart message-detail - Its hint.
 * @csspart action - The button: sound, play or try again.
 *
 * @cssproperty --media-object-fit - `object-fit` of the video. Default `contain`.
 * @cssproperty --media-object-position - `object-position` of the video. Default `50% 50%`.
 * @cssproperty --ivh-message-color - Text colour of message and button.
 * @cssproperty --ivh-message-background - Background of message and button.
 *
 * @slot media - A `<video>` to use in place of the inner one.
 */
export class IvhPlayerElement extends CustomVideoElement implements PlayerHost {
  static override get observedAttributes(): string[] {
    const { volume, latency, reconnect, lang } = playerAttributes
    return [...CustomVideoElement.observedAttributes, volume, latency, reconnect, lang]
  }

  declare addEventListener: OwnListener<IvhPlayerElement, boolean | AddEventListenerOptions> &
    HTMLVideoElement['addEventListener']
  declare removeEventListener: OwnListener<IvhPlayerElement, boolean | EventListenerOptions> &
    HTMLVideoElement['removeEventListener']

  #urlProvider: UrlProvider | null = null
  #labels: PlayerLabelOverrides = {}
  #controller: PlayerController | null = null

  get state(): PlayerState {
    return this.#controller?.session.state ?? 'idle'
  }

  /** Name of the running engine, such as `flv`; `null` when there is none. */
  get engine(): string | null {
    return this.#controller?.session.engineName ?? null
  }

  /** The reason for giving up; `null` except in the state `failed`. */
  override get error(): PlayerError | null {
    return this.#controller?.session.error ?? null
  }

  /** Figures about the current connection. */
  get stats(): PlayerStats {
    return readStats(this.#initialised.session, this.nativeEl)
  }

  /** Type of the stream, for media-chrome and other software that follows the media-ui-extensions proposals. */
  get streamType(): 'live' {
    return 'live'
  }

  /** Always 0: a live stream that cannot be rewound. */
  get targetLiveWindow(): number {
    return 0
  }

  /** Position from which on the picture counts as live, in seconds. */
  get liveEdgeStart(): number {
    return this.nativeEl ? liveEdgeStart(this.nativeEl, this.latency) : 0
  }

  /** Address of the stream; empty when there is none. `null` and `undefined` remove it. */
  override get src(): string {
    return this.getAttribute(playerAttributes.src) ?? ''
  }

  override set src(address: string | null | undefined) {
    setOrRemove(this, playerAttributes.src, address)
  }

  override get preload(): HTMLVideoElement['preload'] {
    return this.nativeEl.preload
  }

  override set preload(value: HTMLVideoElement['preload'] | null | undefined) {
    setOrRemove(this, 'preload', value)
  }

  override get volume(): number {
    return this.nativeEl.volume
  }

  /** Sets the volume from 0 to 1. `null` and `undefined` set the initial volume. */
  override set volume(volume: number | null | undefined) {
    this.nativeEl.volume = volume ?? initialVolumeOf(this)
  }

  /** Seconds between the live edge and the picture. A change applies to the next connection. */
  get latency(): number {
    const seconds = Number(this.getAttribute(playerAttributes.latency) || Number.NaN)
    return seconds > 0 && Number.isFinite(seconds) ? seconds : defaultLatency
  }

  set latency(seconds: number | null | undefined) {
    setOrRemove(this, playerAttributes.latency, seconds)
  }

  /** Attempts in a row before giving up. Default `Infinity`. */
  get reconnect(): number {
    return parseReconnect(this.getAttribute(playerAttributes.reconnect))
  }

  set reconnect(attempts: number | null | undefined) {
    const value = attempts === Number.POSITIVE_INFINITY ? 'infinite' : attempts
    setOrRemove(this, playerAttributes.reconnect, value)
  }

  /**
   * Returns the address for each reconnect, because signed addresses expire. The first connection
   * uses `src`. It may return a promise; 10 s without a result count as a failed attempt.
   */
  get urlProvider(): UrlProvider | null {
    return this.#urlProvider
  }

  set urlProvider(provider: UrlProvider | null | undefined) {
    this.#urlProvider = provider ?? null
  }

  /** Texts that replace the player's own. */
  get labels(): PlayerLabelOverrides {
    return this.#labels
  }

  set labels(labels: PlayerLabelOverrides | null | undefined) {
    this.#labels = labels ?? {}
    this.#controller?.render()
  }

  /** True when playback is not requested. A player that waits for a stream is not paused. */
  override get paused(): boolean {
    return !this.#controller?.session.playRequested
  }

  override get ended(): boolean {
    return this.state === 'ended'
  }

  override get currentTime(): number {
    return this.nativeEl?.currentTime ?? 0
  }

  /**
   * Seeks within the buffer, at most to `latency` seconds before its end. Playback closer to the end would
   * stall.
   */
  override set currentTime(seconds: number) {
    const video = this.nativeEl
    if (!video) return
    const last = bufferedRanges(video).at(-1)
    const latest = last ? Math.max(video.currentTime, last.end - this.latency) : seconds
    video.currentTime = Math.min(seconds, latest)
  }

  /**
   * Plays, and connects first if necessary.
   *
   * @returns a promise that resolves when playback starts. As for a `<video>`, it rejects with
   *   `NotAllowedError` when the browser requires a gesture, with `AbortError` when the player is
   *   paused or reloaded meanwhile, with the {@link PlayerError} when the player gives up, and with
   *   `NotSupportedError` without a `src`.
   */
  override play(): Promise<void> {
    return this.#initialised.play()
  }

  /** Pauses. The connection is closed after 30 s; the next `play()` starts at the live edge. */
  override pause(): void {
    this.#initialised.pause()
  }

  /** Connects again, as after a change of `src`. Also leaves the states `failed` and `ended`. */
  override load(): void {
    this.#initialised.load()
  }

  /** Turns the sound on and plays. Call it in a click or a tap. */
  resume(): Promise<void> {
    return this.#initialised.resume()
  }

  override init(): void {
    // Create the controller before `super.init()`: it sets the early properties, such as `src`, again.
    const controller = new PlayerController(this)
    this.#controller = controller
    // The base class creates a shadow tree with `innerHTML` when there is none.
    const root = this.shadowRoot ?? this.attachShadow(IvhPlayerElement.shadowRootOptions)
    if (!root.hasChildNodes()) buildShadowTree(root)
    super.init()
    if (this.getAttribute('muted') === 'false') this.nativeEl.muted = false
    applyStyles(root)
    controller.attach(root)
    for (const property of ['latency', 'reconnect', 'labels', 'urlProvider'] as const) {
      upgradeProperty(this, property)
    }
  }

  override attributeChangedCallback(
    name: string,
    previous: string | null,
    given: string | null,
  ): void {
    const controller = this.#initialised
    const value = withoutFalse(name, given)
    switch (name) {
      case playerAttributes.src:
        controller.queueLoad()
        return
      case playerAttributes.autoplay:
        // Do not pass `autoplay` to the inner video, whose own autoplay would hide a refusal of the browser.
        if (value !== null && this.state === 'paused' && !controller.session.everPlayed) {
          controller.queueLoad()
        }
        return
      case playerAttributes.playsInline:
        return
      case playerAttributes.volume:
        this.nativeEl.volume = initialVolumeOf(this)
        return
      case playerAttributes.lang:
        controller.render()
        return
      default:
        super.attributeChangedCallback(name, previous, value)
    }
  }

  override connectedCallback(): void {
    super.connectedCallback()
    this.#initialised.connected()
  }

  override disconnectedCallback(): void {
    super.disconnectedCallback()
    this.#controller?.disconnected()
  }

  /** Called by the browser when the element has moved to another document. */
  adoptedCallback(): void {
    if (this.shadowRoot) applyStyles(this.shadowRoot)
    this.#controller?.adopted()
  }

  override handleEvent(event: Event): void {
    if (event.target !== this.nativeEl) return
    if (this.#initialised.handleVideoEvent(event.type)) super.handleEvent(event)
  }

  get #initialised(): PlayerController {
    // Read `nativeEl`, which makes the base class call `init()`.
    void this.nativeEl
    if (!this.#controller) throw new Error('<ivh-player> works in a browser only')
    return this.#controller
  }
}

declare global {
  interface HTMLElementTagNameMap {
    [playerTag]: IvhPlayerElement
  }
}
