import type { MediaHuman, MediaPlane, MediaRequest } from '../media-plane'

/** A media plane whose every step a test decides, and that writes down what it was told. */
export class ScriptedMedia implements MediaPlane {
  readonly opened: MediaRequest[] = []
  readonly signals: AbortSignal[] = []
  readonly log: string[] = []
  readonly #playUrl: string | undefined
  readonly #manual: boolean
  readonly #pending: { resolve(human: MediaHuman): void; reject(error: Error): void }[] = []
  readonly #enders: ((end: { reason: string }) => void)[] = []
  closeFails = false

  constructor({ playUrl, manual = false }: { playUrl?: string; manual?: boolean } = {}) {
    this.#playUrl = playUrl
    this.#manual = manual
  }

  open(request: MediaRequest, signal: AbortSignal): Promise<MediaHuman> {
    this.opened.push(request)
    this.signals.push(signal)
    if (!this.#manual) return Promise.resolve(this.#human())
    return new Promise((resolve, reject) => this.#pending.push({ resolve, reject }))
  }

  /** Lets the oldest open that waits succeed. */
  succeed(): void {
    this.#pending.shift()?.resolve(this.#human())
  }

  /** Lets the oldest open that waits fail. */
  fail(message: string): void {
    this.#pending.shift()?.reject(new Error(message))
  }

  /** Ends the newest stream, as a lost push connection does. */
  end(reason: string): void {
    this.#enders.at(-1)?.({ reason })
  }

  #human(): MediaHuman {
    const log = this.log
    return {
      playUrl: this.#playUrl,
      ended: new Promise((resolve) => this.#enders.push(resolve)),
      speak: (milliseconds) => log.push(`speak ${milliseconds}`),
      hush: () => log.push('hush'),
      close: async () => {
        log.push('close')
        if (this.closeFails) throw new Error('the pipe is stuck')
      },
    }
  }
}
