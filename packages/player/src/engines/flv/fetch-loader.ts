import type Mpegts from 'mpegts.js'
import type { PlayerError } from '../../player-error'
import { errorOfStatus, interrupted, streamClosed, unreachable } from './errors'

/** What the loader reports besides handing the bytes to mpegts.js. */
export interface FetchObserver {
  bytes(chunk: Uint8Array): void
  over(error: PlayerError): void
}

/** The loader class for mpegts.js, and the way to end what it has open. */
export interface FetchLoader {
  Loader: Mpegts.CustomLoaderConstructor
  abort(): void
}

/**
 * Reads the stream with `fetch`. mpegts.js has a loader of its own, which in Chrome lets go of a
 * connection only when its next bytes arrive: on one that has dried up they never do, and it
 * stays open and counted as a viewer. This one ends it at once, and knows the HTTP status.
 */
export function createFetchLoader(mpegts: typeof Mpegts, observer: FetchObserver): FetchLoader {
  const { kConnecting, kBuffering, kError, kComplete } = mpegts.LoaderStatus
  const open = new AbortController()

  class Loader extends mpegts.BaseLoader {
    constructor() {
      super('fetch')
    }

    override open(source: Mpegts.MediaSegment): void {
      this._status = kConnecting
      void this.#read(source.url)
    }

    override abort(): void {
      this._status = kComplete
      open.abort()
    }

    // Outcomes go to the observer, not to mpegts.js: at the end of a stream mpegts.js would end
    // the MediaSource, and after an error write to the console.
    async #read(url: string): Promise<void> {
      const error = await this.#pump(url)
      if (open.signal.aborted) return
      this._status = error.reason === 'not-live' ? kComplete : kError
      observer.over(error)
    }

    async #pump(url: string): Promise<PlayerError> {
      let received = 0
      try {
        // No headers of our own: each would cost a preflight, which play domains do not answer.
        const response = await fetch(url, { signal: open.signal, cache: 'no-store' })
        const refusal = errorOfStatus(response.status)
        if (refusal) {
          await response.body?.cancel()
          return refusal
        }
        const reader = response.body?.getReader()
        if (!reader) return interrupted(undefined)
        this._status = kBuffering
        for (;;) {
          const { done, value } = await reader.read()
          if (done || open.signal.aborted) return streamClosed()
          const start = received
          received += value.byteLength
          this.onDataArrival(exactBuffer(value), start, received)
          observer.bytes(value)
        }
      } catch (cause) {
        return received === 0 ? unreachable(cause) : interrupted(cause)
      }
    }
  }
  return { Loader, abort: () => open.abort() }
}

function exactBuffer(chunk: Uint8Array<ArrayBuffer>): ArrayBuffer {
  const whole = chunk.byteOffset === 0 && chunk.byteLength === chunk.buffer.byteLength
  return whole ? chunk.buffer : chunk.slice().buffer
}
