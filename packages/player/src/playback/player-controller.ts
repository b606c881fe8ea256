import { withoutFalse } from '../boolean-attributes'
import { type AutoplayMode, type PlayerState, playerAttributes, playerEvents } from '../constants'
import { engineLoaders } from '../engines/registry'
import { describe, type PlayerAction } from '../messages/describe'
import { labelsFor } from '../messages/labels'
import { languageOf } from '../messages/language'
import { Overlay } from '../messages/overlay'
import type { PlayerError } from '../player-error'
import { LiveSession } from '../session/live-session'
import { pageEnvironment } from '../session/page-environment'
import type { SessionListener } from '../session/session-options'
import { warn } from '../warn'
import { AutoplayNegotiation } from './autoplay-negotiation'
import { isBrowserPause, isInPictureInPicture, isSilent } from './pause-origin'
import { PlayRequests } from './play-requests'
import type { PlayerEventMap } from './player-events'
import type { PlayerHost } from './player-host'
import { videoError } from './video-error'

/** Connects the session, the inner video, the autoplay negotiation and the messages of one player. */
export class PlayerController {
  readonly session: LiveSession
  readonly #host: PlayerHost
  readonly #requests = new PlayRequests()
  readonly #autoplay: AutoplayNegotiation
  #overlay: Overlay | null = null
  #loadQueued = false
  #adopted = false
  #position = 0
  readonly #warned = new Set<string>()

  /** Reads nothing of the host yet: the host may still be under construction. */
  constructor(host: PlayerHost) {
    this.#host = host
    this.session = new LiveSession({
      video: () => host.nativeEl,
      loaders: engineLoaders,
      settings: {
        get latency() {
          return host.latency
        },
        get reconnectLimit() {
          return host.reconnect
        },
        get urlProvider() {
          return host.urlProvider
        },
      },
      listener: this.#sessionListener(),
      environment: pageEnvironment(host),
    })
    this.#autoplay = this.#negotiation()
  }

  /** Begins to show messages, once the shadow tree exists. */
  attach(root: ShadowRoot): void {
    this.#autoplay.readMuted()
    this.#overlay = new Overlay(root, (action) => this.#act(action))
  }

  /** See `IvhPlayerElement.play`. */
  play(): Promise<void> {
    if (this.#loadQueued) this.load()
    if (!this.#host.hasAttribute(playerAttributes.src)) {
      return Promise.reject(new DOMException('The player has no src.', 'NotSupportedError'))
    }
    const started = this.#requests.add()
    if (this.session.play()) void this.#autoplay.start()
    else if (this.#host.nativeEl.paused) {
      // Safari allows playback only in a call made during the gesture, and the stream arrives later.
      // The promise of this call ends with the next load.
      this.#host.nativeEl.play().catch(() => undefined)
    }
    return started
  }

  /** See `IvhPlayerElement.pause`. */
  pause(): void {
    const { playRequested } = this.session
    this.session.pause()
    this.#requests.abort('The player was paused.')
    if (!this.#host.nativeEl.paused) this.#host.nativeEl.pause()
    else if (playRequested) this.#host.dispatchEvent(new CustomEvent('pause'))
  }

  /** See `IvhPlayerElement.load`. */
  load(): void {
    this.#open(this.session.playRequested || this.#autoplayMode !== null)
  }

  /** Loads in a microtask, so that several attributes set in a row cause one load. */
  queueLoad(): void {
    if (this.#loadQueued) return
    this.#loadQueued = true
    queueMicrotask(() => {
      if (!this.#loadQueued) return
      this.#loadQueued = false
      if (this.#host.isConnected) this.load()
    })
  }

  /** See `IvhPlayerElement.resume`. */
  resume(): Promise<void> {
    this.#autoplay.chooseSound()
    return this.play()
  }

  /** Continues after the element was added to the document or moved in it. */
  connected(): void {
    const { session } = this
    if (session.state === 'idle' && this.#host.hasAttribute(playerAttributes.src)) {
      this.queueLoad()
    } else if (session.playRequested && session.connected && this.#host.nativeEl.paused) {
      // Some browsers pause the video when it moves in the document.
      void this.#autoplay.start()
    }
    this.render()
  }

  /** Closes the connection after the element was removed from the document. */
  disconnected(): void {
    // Wait for a microtask: an element that only moved is back by then and continues to play.
    queueMicrotask(() => {
      if (this.#host.isConnected) return
      this.#requests.abort('The player was removed.')
      this.#autoplay.clearPlayBlock()
      this.session.open(null, false)
    })
  }

  /** Continues after the element has moved to another document. */
  adopted(): void {
    this.#adopted = true
    this.session.documentChanged()
    // Browsers take the stream away from a video that moves, at once or with an error event. A move
    // to a picture-in-picture document keeps it.
    queueMicrotask(() => {
      const { readyState, HAVE_NOTHING } = this.#host.nativeEl
      if (this.#adopted && this.session.connected && readyState === HAVE_NOTHING) this.#reopen()
    })
  }

  /** Handles an event of the inner video. Returns true when the page must receive it as well. */
  handleVideoEvent(type: string): boolean {
    const { session } = this
    const video = this.#host.nativeEl
    switch (type) {
      case 'loadeddata':
        session.firstFrame()
        return true
      case 'timeupdate':
        if (!video.paused && !video.seeking && video.currentTime > this.#position) {
          session.progressed()
        }
        this.#position = video.currentTime
        return true
      case 'play':
        // The visitor used the browser's own controls.
        if (!session.playRequested) session.play()
        return true
      case 'pause':
        if (!session.playRequested) return true
        // Browsers pause by themselves at the end of the buffer and in hidden pages.
        if (video.ended || !session.connected || this.#pausedByBrowser) return false
        session.pause()
        return true
      case 'volumechange':
        this.#autoplay.volumeChanged()
        return true
      case 'error':
        if (!video.error) return false
        if (this.#adopted) this.#reopen()
        else session.videoFailed(videoError(video.error))
        return false
      case 'ended':
        return false
      default:
        return true
    }
  }

  /** Updates the message and the button. */
  render(): void {
    const { session } = this
    const message = describe(
      {
        state: session.state,
        error: session.error,
        attempt: session.attempt,
        lastReason: session.lastReason,
        everPlayed: session.everPlayed,
        offline: session.awaitingNetwork,
        blocked: this.#autoplay.blocked,
      },
      labelsFor(languageOf(this.#host), this.#host.labels),
    )
    this.#overlay?.render(message, session.state)
  }

  #open(play: boolean): void {
    this.#loadQueued = false
    this.#requests.abort('The player was reloaded.')
    this.#position = 0
    this.#adopted = false
    this.#warned.clear()
    this.#autoplay.prepare()
    this.session.open(this.#host.getAttribute(playerAttributes.src) || null, play)
  }

  /** Connects again after a move. A paused player stays paused. */
  #reopen(): void {
    this.#open(this.session.playRequested)
  }

  get #autoplayMode(): AutoplayMode | null {
    const name = playerAttributes.autoplay
    const value = withoutFalse(name, this.#host.getAttribute(name))
    if (value === null || value === 'muted' || value === 'sound') return value
    return 'any'
  }

  get #pausedByBrowser(): boolean {
    const video = this.#host.nativeEl
    return isBrowserPause({
      hiddenForMs: this.session.hiddenForMs,
      pictureInPicture: isInPictureInPicture(video),
      silent: isSilent(video),
    })
  }

  #sessionListener(): SessionListener {
    return {
      stateChanged: (state, previous) => this.#stateChanged(state, previous),
      playable: () => void this.#autoplay.start(),
      retryScheduled: (retry) => {
        this.#warn(retry.error)
        this.#fire(playerEvents.reconnecting, retry)
      },
      recovered: () => this.#fire(playerEvents.reconnected, undefined),
      messageChanged: () => this.render(),
    }
  }

  #negotiation(): AutoplayNegotiation {
    const controller = this
    return new AutoplayNegotiation({
      get video() {
        return controller.#host.nativeEl
      },
      get mode() {
        return controller.#autoplayMode
      },
      get playRequested() {
        return controller.session.playRequested
      },
      requests: this.#requests,
      announceBlocked: (muted) => this.#fire(playerEvents.autoplayBlocked, { muted }, true),
      pause: () => this.pause(),
      gesture: () => this.#act('play'),
      changed: () => this.render(),
    })
  }

  #stateChanged(state: PlayerState, previous: PlayerState): void {
    if (state === 'playing' && this.#autoplay.blocked === 'play') this.#autoplay.clearPlayBlock()
    if (state === 'failed') this.#requests.reject(this.session.error)
    if (state === 'ended') this.#requests.abort('The stream has ended.')
    this.render()
    this.#fire(playerEvents.stateChange, { state, previous })
    if (state === 'failed') this.#host.dispatchEvent(new CustomEvent('error'))
    if (state === 'ended') this.#host.dispatchEvent(new CustomEvent('ended'))
  }

  /** Does what the visitor asked for. After another refusal the button appears again. */
  #act(action: PlayerAction): void {
    this.#autoplay.clearPlayBlock()
    if (action === 'retry') this.load()
    const started = action === 'unmute' ? this.resume() : this.play()
    started.catch(() => undefined)
    this.render()
  }

  /** Warns once for each problem of a source, because a player that never gives up has no `error`. */
  #warn({ reason, message }: PlayerError): void {
    if (reason === 'not-live' || this.#warned.has(message)) return
    this.#warned.add(message)
    warn(`${message} Trying again.`)
  }

  #fire<K extends keyof PlayerEventMap>(
    type: K,
    detail: PlayerEventMap[K]['detail'],
    cancelable = false,
  ): boolean {
    return this.#host.dispatchEvent(new CustomEvent(type, { detail, cancelable }))
  }
}
