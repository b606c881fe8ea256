import type { ServerResponse } from 'node:http'
import { encodeFlvHeader, encodeFlvTag, type FlvTag } from '../flv/flv-tag'
import type { Beginning, Viewer } from '../flv/viewer'

export interface FlvViewerOptions {
  readonly maxQueueBytes: number
  /** The viewer read too slowly and has been cut off. */
  readonly onStalled: () => void
}

/** A viewer over HTTP-FLV: an endless response body with a bounded queue. */
export class FlvViewer implements Viewer {
  constructor(
    private readonly response: ServerResponse,
    private readonly options: FlvViewerOptions,
  ) {}

  begin(beginning: Beginning): void {
    this.#write(encodeFlvHeader(beginning))
  }

  send(tag: FlvTag): void {
    this.#write(encodeFlvTag(tag))
  }

  end(): void {
    this.response.end()
  }

  #write(bytes: Buffer): void {
    if (!this.response.writable || this.response.destroyed) return
    if (this.response.writableLength + bytes.length > this.options.maxQueueBytes) {
      this.response.destroy()
      this.options.onStalled()
      return
    }
    this.response.write(bytes)
  }
}
