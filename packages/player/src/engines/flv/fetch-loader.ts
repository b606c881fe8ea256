import type Mpegts from 'mpegts.js'
import type { PlayerError } from '../../player-error'
import { connectionBroken, httpStatusError, serverUnreachable, streamClosed } from '../http-error'
import { countStream } from '../open-streams'

/** Receives the events of a {@link FetchLoader}. */
export interface FetchObserver {
  /** Called once the server has answered. */
  answered(): void
  /** Called with each piece of the stream. */
  bytes(chunk: Uint8Array): void
  /** Called once when the stream is over, unless the loader was aborted. */
  over(error: PlayerError): void
}

/** A loader class for mpegts.js, and a function that ends its connection. */
export interface FetchLoader {
  Loader: Mpegts.CustomLoaderConstructor
  abort(): void
}

/**
 * Creates a loader that reads the stream with `fetch`. The default loader of mpegts.js keeps a silent
 * connection open in Chrome until its next bytes arrive, so a dead connection would still count as
 * a viewer. This loader closes it at once, and it knows the HTTP status.
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

    // The outcome goes to the observer and not to mpegts.js, which would end the MediaSource at the
    // end of a stream and write to the console after an error.
    async #read(url: string): Promise<void> {
      const error = await this.#receive(url)
      if (open.signal.aborted) return
      this._status = error.reason === 'not-live' ? kComplete : kError
      observer.over(error)
    }

    async #receive(url: string): Promise<PlayerError> {
      let received = 0
      let uncount = () => {}
      try {
        // Send no headers of our own: each one would cost a CORS preflight, which play domains refuse.
        const response = await fetch(url, { signal: open.signal, cache: 'no-store' })
        observer.answered()
        uncount = countStream(url)
        const refusal = httpStatusError(response.status)
        if (refusal) {
          await response.body?.cancel()
          return refusal
        }
        const reader = response.body?.getReader()
        if (!reader) return connectionBroken(undefined)
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
        return received === 0 ? serverUnreachable(cause) : connectionBroken(cause)
      } finally {
        uncount()
      }
    }
  }
  return { Loader, abort: () => open.abort() }
}

/** A buffer that holds exactly the bytes of the chunk, because mpegts.js takes whole buffers. */
function exactBuffer(chunk: Uint8Array<ArrayBuffer>): ArrayBuffer {
  const whole = chunk.byteOffset === 0 && chunk.byteLength === chunk.buffer.byteLength
  return whole ? chunk.buffer : chunk.slice().buffer
}
