import { type AvcConfig, decodableUnits, readAvcConfig, readAvcTag } from '../flv/avc'
import { type FlvTag, FlvTagType } from '../flv/flv-tag'
import type { Beginning, Viewer } from '../flv/viewer'
import { packetizeH264 } from './h264-packetizer'
import type { MediaPeer } from './media-peer'
import type { SoundPacket } from './soundtrack'

/** A viewer over WebRTC: pictures from the stream, sound from its soundtrack, on one time line. */
export class WebRtcViewer implements Viewer {
  #config: AvcConfig | undefined
  #base: number | undefined

  constructor(
    private readonly peer: Pick<MediaPeer, 'sendAudio' | 'sendVideo'>,
    private readonly onEnd: () => void,
  ) {}

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
      this.peer.sendVideo(payloads, presentAt * 90)
    }
  }

  /** Sound from before the first picture is not heard. */
  hear({ payload, timestampMs }: SoundPacket): void {
    if (this.#base === undefined) return
    const timestamp = timestampMs - this.#base
    if (timestamp >= 0) this.peer.sendAudio(payload, timestamp * 48)
  }

  end(): void {
    this.onEnd()
  }
}
