import type { AutoplayMode } from '../constants'
import type { Situation } from '../messages/describe'
import type { PlayRequests } from './play-requests'

/** The part of the player that the negotiation uses. */
export interface AutoplayHost {
  readonly video: HTMLVideoElement
  readonly mode: AutoplayMode | null
  readonly playRequested: boolean
  readonly requests: PlayRequests
  /**
   * Fires `autoplayblocked`.
   *
   * @returns false when a listener called `preventDefault()`.
   */
  announceBlocked(muted: boolean): boolean
  pause(): void
  /** Called at the first gesture after the browser refused even muted playback. */
  gesture(): void
  /** Called when {@link AutoplayNegotiation.blocked} changed. */
  changed(): void
}

/**
 * Starts playback and handles the browser's refusals. A refusal of sound leads to muted playback
 * with a button, or to a pause with a button, by the `autoplay` attribute.
 */
export class AutoplayNegotiation {
  readonly #host: AutoplayHost
  #blocked: Situation['blocked'] = null
  #lastMuted = false
  #soundChosen = false
  #gestureListeners: AbortController | null = null

  constructor(host: AutoplayHost) {
    this.#host = host
  }

  /** The part of playback that the browser blocks: the sound, all of it, or nothing. */
  get blocked(): Situation['blocked'] {
    return this.#blocked
  }

  /** Reads the initial muted state of the inner video. */
  readMuted(): void {
    this.#lastMuted = this.#host.video.muted
  }

  /** Starts the inner video. */
  async start(): Promise<void> {
    try {
      await this.#host.video.play()
      this.#host.requests.resolve()
    } catch (cause) {
      this.#refused(cause)
    }
  }

  /** Prepares for a new source. */
  prepare(): void {
    this.clearPlayBlock()
    if (this.#host.mode === 'muted' && !this.#soundChosen) this.#mute()
  }

  /** Turns the sound on for good, because the visitor asked for it. */
  chooseSound(): void {
    this.#soundChosen = true
    this.#host.video.muted = false
  }

  /** Handles a change of volume or of the muted state. */
  volumeChanged(): void {
    const { muted } = this.#host.video
    if (this.#lastMuted && !muted) {
      // The visitor turned the sound on, so no reconnect may mute the player again.
      this.#soundChosen = true
      if (this.#blocked === 'sound') this.#blocked = null
      this.#host.changed()
    }
    this.#lastMuted = muted
  }

  /** Forgets a refusal to play, because playback works now or is tried again. */
  clearPlayBlock(): void {
    this.#gestureListeners?.abort()
    this.#gestureListeners = null
    if (this.#blocked === 'play') {
      this.#blocked = this.#lastMuted && !this.#soundChosen ? 'sound' : null
    }
  }

  #refused(cause: unknown): void {
    const { video, mode, requests } = this.#host
    const name = errorName(cause)
    // A reload or a pause during the start is not a refusal.
    if (name === 'AbortError' || !this.#host.playRequested) return
    if (video.muted) {
      this.#offerPlay(cause)
      this.#listenForGesture()
      return
    }
    if (name !== 'NotAllowedError') {
      requests.reject(cause)
      return
    }
    const mayMute = !requests.waiting && !this.#soundChosen && mode === 'any'
    const allowed = this.#host.announceBlocked(mayMute)
    if (!this.#host.playRequested) return
    if (mayMute && allowed) {
      this.#mute()
      void this.start()
    } else this.#offerPlay(cause)
  }

  #mute(): void {
    this.#host.video.muted = true
    this.#lastMuted = true
    this.#blocked = 'sound'
    this.#host.changed()
  }

  /** Pauses and shows the play button. */
  #offerPlay(cause: unknown): void {
    this.#host.requests.reject(cause)
    this.#blocked = 'play'
    this.#host.pause()
    this.#host.changed()
  }

  /** Takes any gesture in the page as permission, not only one on the button. */
  #listenForGesture(): void {
    this.#gestureListeners?.abort()
    this.#gestureListeners = new AbortController()
    const { signal } = this.#gestureListeners
    for (const type of ['pointerdown', 'touchstart', 'keydown']) {
      this.#host.video.ownerDocument.addEventListener(type, () => this.#host.gesture(), {
        capture: true,
        once: true,
        signal,
      })
    }
  }
}

/** Works for an error of another window as well, for which `instanceof` is false. */
function errorName(cause: unknown): string {
  return typeof cause === 'object' && cause !== null && 'name' in cause ? String(cause.name) : ''
}
