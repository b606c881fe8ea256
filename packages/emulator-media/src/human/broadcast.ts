import type { PictureBank } from '../bank/picture-bank'
import { type FlvTag, FlvTagType } from '../flv/flv-tag'
import type { RtmpPublisher } from '../rtmp/publisher'
import { FRAME_MS, type FrameClock } from './frame-clock'
import { perform, type Utterance } from './performance'

export interface BroadcastOptions {
  readonly bank: PictureBank
  readonly publisher: Pick<RtmpPublisher, 'send' | 'sendHeader' | 'sendMetadata'>
  readonly frames: FrameClock
  /** Makes blinks and breaths different from other humans'. */
  readonly seed: number
}

/** Silence that a late tick makes up for; a longer gap stays one. */
const MAX_LATE_SOUND_MS = 1000

/** Turns a bank into a live stream: a picture for every frame and sound without a gap. */
export class Broadcast {
  readonly #startFrame: number
  readonly #unsubscribe: () => void
  #parity: 0 | 1 = 0
  #soundFrames = 0
  #speech: Utterance | undefined

  /** Sends metadata, sequence headers and the first picture at once. */
  constructor(private readonly options: BroadcastOptions) {
    const { bank, frames, publisher } = options
    this.#startFrame = frames.frame
    publisher.sendMetadata({
      width: bank.width,
      height: bank.height,
      framerate: 1000 / FRAME_MS,
      videocodecid: 7,
      audiocodecid: 10,
      audiosamplerate: bank.audioSampleRate,
      audiosamplesize: 16,
      stereo: false,
      encoder: 'ivh-kit emulator-media',
    })
    publisher.sendHeader({ type: FlvTagType.video, timestamp: 0, payload: bank.videoHeader })
    publisher.sendHeader({ type: FlvTagType.audio, timestamp: 0, payload: bank.audioHeader })
    this.#send(this.#startFrame)
    this.#unsubscribe = frames.subscribe((frame) => {
      // The first picture may belong to a frame whose tick is still to come.
      if (frame > this.#startFrame) this.#send(frame)
    })
  }

  /** Moves the mouth for so long, from now on. */
  speak(milliseconds: number): void {
    const from = this.#now()
    this.#speech = { from, until: from + milliseconds }
  }

  hush(): void {
    this.#speech = undefined
  }

  stop(): void {
    this.#unsubscribe()
  }

  #now(): number {
    return (this.options.frames.frame - this.#startFrame) * FRAME_MS
  }

  #send(frame: number): void {
    const timestamp = (frame - this.#startFrame) * FRAME_MS
    const { bank, publisher, seed } = this.options
    const expression = perform(seed, timestamp, this.#speech)
    const picture: FlvTag = {
      type: FlvTagType.video,
      timestamp: timestamp >>> 0,
      payload: bank.picture(expression, this.#parity),
    }
    // Dropped pictures keep the parity: the next one sent must differ from the last one sent.
    if (publisher.send([picture, ...this.#soundUntil(timestamp)]))
      this.#parity = otherOf(this.#parity)
  }

  #soundUntil(timestamp: number): FlvTag[] {
    const { audioSampleRate, samplesPerFrame, silentFrame } = this.options.bank
    const timeOf = (soundFrame: number): number =>
      Math.round((soundFrame * samplesPerFrame * 1000) / audioSampleRate)
    if (timestamp - timeOf(this.#soundFrames) > MAX_LATE_SOUND_MS) {
      this.#soundFrames = Math.ceil((timestamp * audioSampleRate) / (samplesPerFrame * 1000))
    }
    const tags: FlvTag[] = []
    while (timeOf(this.#soundFrames) < timestamp + FRAME_MS) {
      const at = timeOf(this.#soundFrames) >>> 0
      tags.push({ type: FlvTagType.audio, timestamp: at, payload: silentFrame })
      this.#soundFrames += 1
    }
    return tags
  }
}

function otherOf(parity: 0 | 1): 0 | 1 {
  return parity === 0 ? 1 : 0
}
