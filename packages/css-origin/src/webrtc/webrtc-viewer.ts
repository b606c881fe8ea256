import { type AvcConfig, decodableUnits, readAvcConfig, readAvcTag } from '../flv/avc'
import { type FlvTag, FlvTagType } from '../flv/flv-tag'
import type { SoundPacket } from '../stream/soundtrack'
import type { Beginning, Viewer } from '../stream/viewer'
import { packetizeH264 } from './h264-packetizer'
import type { MediaPeer } from './media-peer'

/** A viewer over WebRTC: pictures of the stream and sound of its soundtrack, on one time line. */
export class WebRtcViewer implements Viewer {
  readonly #peer: Pick<MediaPeer, 'sendAudio' | 'sendVideo'>
  readonly #onEnd: () => void
  #config: AvcConfig | undefined
  #base: number | undefined
  #heardMs = -1

  constructor(peer: Pick<MediaPeer, 'sendAudio' | 'sendVideo'>, onEnd: () => void) {
    this.#peer = peer
    this.#onEnd = onEnd
  }

  begin({ base }: Beginning): void {
    this.#base = base
  }

  send({ payload, timestamp, type }: FlvTag): void {
    if (type !== FlvTagType.video) return
    const tag = readAvcTag(payload)
    if (tag?.kind === 'config') this.#config = readAvcConfig(tag.record)
    else if (tag && this.#config) {
      const payloads = packetizeH264(decodableUnits(tag, this.#config))
      const presentAt = Math.max(0, timestamp + tag.compositionMs)
      this.#peer.sendVideo(payloads, presentAt * 90)
    }
  }

  /** Sends a packet of sound. Sound from before the first picture or the last packet is left out. */
  hear({ payload, timestampMs }: SoundPacket): void {
    if (this.#base === undefined) return
    const timestamp = timestampMs - this.#base
    if (timestamp <= this.#heardMs) return
    this.#heardMs = timestamp
    this.#peer.sendAudio(payload, timestamp * 48)
  }

  end(): void {
    this.#onEnd()
  }
}
