import {
  aacFrame,
  aacSequenceHeader,
  avcKeyFrame,
  avcSequenceHeader,
  type FlvTag,
  FlvTagType,
} from '@ivh-kit/css-origin/flv'
import type { RtmpPublisher } from '@ivh-kit/css-origin/publisher'
import {
  type PcmListener,
  type PictureBank,
  perform,
  type SeiNote,
  SeiTrack,
  type SoundSource,
  Soundtrack,
  seiUnit,
} from '@ivh-kit/digital-human'
import { type FrameClock, pictureMs } from './frame-clock'

export interface BroadcastOptions {
  readonly bank: PictureBank
  readonly publisher: Pick<RtmpPublisher, 'send' | 'sendHeader' | 'sendMetadata'>
  readonly frames: FrameClock
  /** Seed that gives each human its own blinks and breaths. */
  readonly seed: number
  /** Receives the sound as PCM as well. */
  readonly pcm?: PcmListener | undefined
  /** Called when a frame cannot be made. No further frame follows. */
  readonly onFailed: (error: unknown) => void
}

/** Maximum gap in the sound that a late tick fills, in milliseconds; a longer gap remains. */
const maxLateSoundMs = 1000

/** Turns a bank into a live stream: a picture for every frame, and sound without gaps. */
export class Broadcast {
  readonly #options: BroadcastOptions
  readonly #startFrame: number
  readonly #unsubscribe: () => void
  readonly #soundtrack: Soundtrack
  readonly #sei = new SeiTrack()
  #stopped = false
  #parity: 0 | 1 = 0
  #bank: PictureBank
  #soundFrames = 0

  /** Sends the metadata, the sequence headers and the first picture at once. */
  constructor(options: BroadcastOptions) {
    this.#options = options
    const { bank, frames, pcm, publisher } = options
    const { audioSpecificConfig, frame, sampleRate } = bank.silence
    this.#bank = bank
    this.#soundtrack = new Soundtrack(frame, pcm)
    this.#startFrame = frames.frame
    publisher.sendMetadata({
      width: bank.width,
      height: bank.height,
      framerate: 1000 / pictureMs,
      videocodecid: 7,
      audiocodecid: 10,
      audiosamplerate: sampleRate,
      audiosamplesize: 16,
      stereo: false,
      encoder: 'ivh-kit emulator-media',
    })
    this.#sendVideoHeader(0)
    const payload = aacSequenceHeader(audioSpecificConfig)
    publisher.sendHeader({ type: FlvTagType.audio, timestamp: 0, payload })
    this.#send(this.#startFrame)
    this.#unsubscribe = frames.subscribe((due) => {
      // The first picture may belong to a frame whose tick has not come yet.
      if (due > this.#startFrame) this.#send(due)
    }, options.onFailed)
  }

  /** Replaces the current speech from the next frame on. Stops the source when the broadcast is over. */
  play(source: SoundSource): void {
    if (this.#stopped) source.stop()
    else this.#soundtrack.play(source)
  }

  /** Shows the pictures of another bank from the next frame on. */
  show(bank: PictureBank): void {
    const changed = Buffer.compare(bank.avcC, this.#bank.avcC) !== 0
    this.#bank = bank
    if (changed) this.#sendVideoHeader(this.#timeOf(this.#options.frames.frame))
  }

  /** Stops the current speech. */
  hush(): void {
    this.#soundtrack.hush()
  }

  /** Adds a note to the SEI of the next picture. */
  note(note: SeiNote): void {
    this.#sei.add(note)
  }

  stop(): void {
    this.#stopped = true
    this.#unsubscribe()
    this.#soundtrack.hush()
  }

  #timeOf(frame: number): number {
    return (frame - this.#startFrame) * pictureMs
  }

  #sendVideoHeader(time: number): void {
    const payload = avcSequenceHeader(this.#bank.avcC)
    this.#options.publisher.sendHeader({
      type: FlvTagType.video,
      timestamp: time >>> 0,
      payload,
    })
  }

  #send(frame: number): void {
    const time = this.#timeOf(frame)
    const { publisher, seed } = this.#options
    // Generate the sound before the picture, because the sound determines the shape of the mouth.
    const sounds = this.#soundUntil(time + pictureMs)
    const expression = perform(seed, time, this.#soundtrack.mouthAt(time, pictureMs))
    const unit = this.#bank.picture(expression, this.#parity)
    const note = this.#sei.next
    const payload = note ? avcKeyFrame(seiUnit(note), unit) : avcKeyFrame(unit)
    const picture: FlvTag = { type: FlvTagType.video, timestamp: time >>> 0, payload }
    if (!publisher.send([picture, ...sounds])) return
    // Switch the copy only after a picture was sent: the next picture must differ from the last one that
    // viewers received.
    this.#parity = this.#parity === 0 ? 1 : 0
    this.#sei.sent()
  }

  #soundUntil(end: number): FlvTag[] {
    const { sampleRate, samplesPerFrame } = this.#options.bank.silence
    const frameMs = (samplesPerFrame * 1000) / sampleRate
    const timeOf = (soundFrame: number): number => Math.round(soundFrame * frameMs)
    if (end - pictureMs - timeOf(this.#soundFrames) > maxLateSoundMs) {
      this.#soundFrames = Math.ceil((end - pictureMs) / frameMs)
    }
    const tags: FlvTag[] = []
    for (; timeOf(this.#soundFrames) < end; this.#soundFrames++) {
      const at = timeOf(this.#soundFrames)
      const payload = aacFrame(this.#soundtrack.packetAt(at))
      tags.push({ type: FlvTagType.audio, timestamp: at >>> 0, payload })
    }
    return tags
  }
}
