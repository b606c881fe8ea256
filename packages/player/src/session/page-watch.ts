import { type Clock, monotonicClock } from '@ivh-kit/kernel'
import type { PageEnvironment } from './page-environment'

export interface PageListener {
  /** The device is online again. */
  online(): void
  visibilityChanged(hidden: boolean): void
}

/** Listens to the page while a source is set: its visibility and its network. */
export class PageWatch {
  readonly #environment: PageEnvironment
  readonly #listener: PageListener
  readonly #clock: Clock
  #hiddenAt = Number.NEGATIVE_INFINITY
  #stop: (() => void) | null = null

  constructor(environment: PageEnvironment, listener: PageListener) {
    this.#environment = environment
    this.#listener = listener
    this.#clock = monotonicClock(environment.clock)
  }

  /** Milliseconds since the page was hidden; `null` while it is visible. */
  get hiddenForMs(): number | null {
    return this.#environment.hidden() ? this.#clock.now() - this.#hiddenAt : null
  }

  start(): void {
    if (this.#stop) return
    const stopOnline = this.#environment.onOnline(() => this.#listener.online())
    const stopVisibility = this.#environment.onVisibilityChange(() => {
      const hidden = this.#environment.hidden()
      if (hidden) this.#hiddenAt = this.#clock.now()
      this.#listener.visibilityChanged(hidden)
    })
    this.#stop = () => {
      stopOnline()
      stopVisibility()
    }
  }

  stop(): void {
    this.#stop?.()
    this.#stop = null
  }

  /** Listens to the new page after the element has moved to another document. */
  restart(): void {
    if (!this.#stop) return
    this.stop()
    this.start()
  }
}
