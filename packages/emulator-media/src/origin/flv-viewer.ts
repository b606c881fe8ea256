import type { ServerResponse } from 'node:http'
import { encodeFlvHeader } from '../flv/flv-tag'
import type { Viewer } from './live-stream'

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

  begin(contains: { readonly audio: boolean; readonly video: boolean }): void {
    this.send(encodeFlvHeader(contains))
  }

  send(bytes: Buffer): void {
    if (!this.response.writable || this.response.destroyed) return
    if (this.response.writableLength + bytes.length > this.options.maxQueueBytes) {
      this.response.destroy()
      this.options.onStalled()
      return
    }
    this.response.write(bytes)
  }

  end(): void {
    this.response.end()
  }
}
