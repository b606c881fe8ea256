import type { PictureBank } from '../bank/picture-bank'
import { type FlvTag, FlvTagType } from '../flv/flv-tag'
import type { RtmpPublisher } from '../rtmp/publisher'
import { FRAME_MS, type FrameClock } from './frame-clock'
import type { PcmTap } from './pcm-tap'
import { perform } from './performance'
import { type SeiNote, SeiTrack, seiUnit } from './sei'
import { Soundtrack } from './soundtrack'
import type { SoundSource } from './speech'

export interface BroadcastOptions {
  readonly bank: PictureBank
  readonly publisher: Pick<RtmpPublisher, 'send' | 'sendHeader' | 'sendMetadata'>
  readonly frames: FrameClock
  /** Makes blinks and breaths different from other humans'. */
  readonly seed: number
  /** Gets the sound as PCM, too. */
  readonly tap?: PcmTap | undefined
  /** A frame could not be made; no other will be. */
  readonly onFailed: (error: unknown) => void
}

/** Silence that a late tick makes up for; a longer gap stays one. */
const MAX_LATE_SOUND_MS = 1000

/** Turns a bank into a live stream: a picture for every frame and sound without a gap. */
export class Broadcast {
  readonly #startFrame: number
  readonly #unsubscribe: () => void
  readonly #soundtrack: Soundtrack
  readonly #sei = new SeiTrack()
  #stopped = false
  #parity: 0 | 1 = 0
  #bank: PictureBank
  #soundFrames = 0

  /** Sends metadata, sequence headers and the first picture at once. */
  constructor(private readonly options: BroadcastOptions) {
    const { bank, frames, publisher } = options
    this.#bank = bank
    this.#soundtrack = new Soundtrack(bank.silentFrame, options.tap)
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
    }, options.onFailed)
  }

  /** From the next frame on, in place of what is being said; stopped at once when there is no next one. */
  play(source: SoundSource): void {
    if (this.#stopped) source.stop()
    else this.#soundtrack.play(source)
  }

  /** Shows the pictures of another bank from the next frame on. */
  show(bank: PictureBank): void {
    const { publisher } = this.options
    const timestamp = (this.options.frames.frame - this.#startFrame) * FRAME_MS
    if (!Buffer.from(bank.videoHeader).equals(this.#bank.videoHeader)) {
      publisher.sendHeader({
        type: FlvTagType.video,
        timestamp: timestamp >>> 0,
        payload: bank.videoHeader,
      })
    }
    this.#bank = bank
  }

  hush(): void {
    this.#soundtrack.hush()
  }

  /** What the next pictures tell beside what they show. */
  note(note: SeiNote): void {
    this.#sei.note(note)
  }

  stop(): void {
    this.#stopped = true
    this.#unsubscribe()
    this.#soundtrack.hush()
  }

  #send(frame: number): void {
    const timestamp = (frame - this.#startFrame) * FRAME_MS
    const { publisher, seed } = this.options
    // The sound comes first: it decides what the mouth does.
    const sounds = this.#soundUntil(timestamp)
    const expression = perform(seed, timestamp, this.#soundtrack.mouthAt(timestamp, FRAME_MS))
    const note = this.#sei.next
    const picture: FlvTag = {
      type: FlvTagType.video,
      timestamp: timestamp >>> 0,
      payload: this.#bank.picture(expression, this.#parity, note && seiUnit(note)),
    }
    if (!publisher.send([picture, ...sounds])) return
    // Not for dropped pictures: the next one sent must differ from the last one sent, and tell its note.
    this.#parity = otherOf(this.#parity)
    this.#sei.told()
  }

  #soundUntil(timestamp: number): FlvTag[] {
    const { audioSampleRate, samplesPerFrame } = this.options.bank
    const timeOf = (soundFrame: number): number =>
      Math.round((soundFrame * samplesPerFrame * 1000) / audioSampleRate)
    if (timestamp - timeOf(this.#soundFrames) > MAX_LATE_SOUND_MS) {
      this.#soundFrames = Math.ceil((timestamp * audioSampleRate) / (samplesPerFrame * 1000))
    }
    const tags: FlvTag[] = []
    while (timeOf(this.#soundFrames) < timestamp + FRAME_MS) {
      const at = timeOf(this.#soundFrames)
      const payload = this.#soundtrack.frameAt(at)
      tags.push({ type: FlvTagType.audio, timestamp: at >>> 0, payload })
      this.#soundFrames += 1
    }
    return tags
  }
}

function otherOf(parity: 0 | 1): 0 | 1 {
  return parity === 0 ? 1 : 0
}
