import type { ServerResponse } from 'node:http'
import { encodeFlvHeader, encodeFlvTag, type FlvTag } from '../flv/flv-tag'
import type { Beginning, Viewer } from '../stream/viewer'

export interface FlvViewerOptions {
  readonly maxQueueBytes: number
  /** Called when the viewer reads too slowly and is disconnected. */
  readonly onStalled: () => void
}

/** A viewer over HTTP-FLV: an endless response with a bounded queue. */
export class FlvViewer implements Viewer {
  readonly #response: ServerResponse
  readonly #options: FlvViewerOptions
  constructor(response: ServerResponse, options: FlvViewerOptions) {
    this.#response = response
    this.#options = options
  }

  begin(beginning: Beginning): void {
    this.#write(encodeFlvHeader(beginning))
  }

  send(tag: FlvTag): void {
    this.#write(encodeFlvTag(tag))
  }

  end(): void {
    this.#response.end()
  }

  #write(bytes: Buffer): void {
    if (!this.#response.writable || this.#response.destroyed) return
    if (this.#response.writableLength + bytes.length > this.#options.maxQueueBytes) {
      this.#response.destroy()
      this.#options.onStalled()
      return
    }
    this.#response.write(bytes)
  }
}
