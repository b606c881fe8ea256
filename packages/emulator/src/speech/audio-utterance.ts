import { Refusal } from '../gateway/refusal'
import type { MediaAudio } from '../media-plane'
import { AudioPace, audioMilliseconds, audioPacketBytes } from './audio-pace'
import { type FinalType, finalType } from './speak-status'
import { followMedia, type Stage, type Utterance } from './utterance'

/** One packet of SEND_AUDIO. */
export interface AudioPacket {
  readonly seq: number
  /** PCM, as 1240/100398 wants it; empty only in the final packet. */
  readonly pcm: Uint8Array
  readonly final: boolean
}

/**
 * One SEND_AUDIO over all its packets: WaitingAudioStart, AudioStart, WaitingAudioOver, AudioOver, with
 * the pace checked and the server's own end after StreamMaxInterval without a packet (1240/100398).
 */
export class AudioUtterance implements Utterance {
  readonly kind = 'audio'
  readonly reqId: string
  started = false
  readonly #stage: Stage
  readonly #maxIntervalMs: number
  readonly #refuseTooFast: boolean
  readonly #pace = new AudioPace()
  #received = 0
  #sawShort = false
  /** Audio that waits for the start. */
  #buffered: Uint8Array[] = []
  #bufferedMs = 0
  /** The human's own account of it, when it gives one. */
  #media: MediaAudio | undefined
  #playing = false
  /** When all that has come will have been heard. */
  #heardAt = 0
  #final: FinalType | undefined
  #cancel = () => {}
  #cancelSilence = () => {}

  constructor(stage: Stage, reqId: string, maxIntervalMs: number, refuseTooFast: boolean) {
    this.#stage = stage
    this.reqId = reqId
    this.#maxIntervalMs = maxIntervalMs
    this.#refuseTooFast = refuseTooFast
  }

  /** @throws Refusal 100001 (Seq, packet size), 100012 (too fast), 110015 (after the final packet). */
  add(packet: AudioPacket): void {
    const now = this.#stage.clock.now()
    const milliseconds = audioMilliseconds(packet.pcm.length)
    this.#refuseWrong(packet)
    this.#checkPace(now, milliseconds)
    if (this.#received === 0) this.#begin()
    this.#received = packet.seq
    this.#sawShort ||= packet.pcm.length > 0 && packet.pcm.length < audioPacketBytes
    this.#pace.take(now, milliseconds)
    if (milliseconds > 0) this.#play(now, packet.pcm)
    if (packet.final) this.#finish(finalType.client)
    else this.#awaitNext()
  }

  hush(): void {
    this.abandon()
    if (this.#playing) this.#stage.hush()
    this.#playing = false
  }

  cut(): void {
    this.hush()
    this.#over(finalType.interrupt)
  }

  abandon(): void {
    this.#cancel()
    this.#cancelSilence()
  }

  #refuseWrong({ seq, pcm }: AudioPacket): void {
    if (this.#final !== undefined) {
      throw new Refusal(
        110015,
        this.#final === finalType.timeout
          ? `the server ended this audio after ${this.#maxIntervalMs} ms without a packet; wait for AudioOver, then use a fresh ReqId`
          : 'this audio has had its final packet; wait for AudioOver, then use a fresh ReqId',
      )
    }
    if (seq !== this.#received + 1) {
      throw new Refusal(
        100001,
        `bad request parameter: Payload.Data.Seq must be ${this.#received + 1}, got ${seq}: it starts at 1 and rises by 1`,
      )
    }
    if (this.#sawShort && pcm.length > 0) {
      throw new Refusal(
        100001,
        `bad request parameter: Payload.Data.Audio: only the last packet with audio may be shorter than ${audioPacketBytes} bytes`,
      )
    }
  }

  #checkPace(now: number, milliseconds: number): void {
    if (milliseconds === 0 || !this.#pace.tooFast(now, milliseconds)) return
    const why = 'audio comes too fast: send six packets at once, then one every 120 to 160 ms'
    if (this.#refuseTooFast) throw new Refusal(100012, why)
    this.#stage.note(why)
  }

  #begin(): void {
    const { clock, delayMs } = this.#stage
    this.#stage.status('WaitingAudioStart')
    this.#cancel = clock.after(delayMs, () => {
      this.#playing = true
      this.#media = this.#stage.play()
      if (this.#media) this.#followMedia(this.#media)
      else this.#start()
    })
  }

  #followMedia(media: MediaAudio): void {
    for (const pcm of this.#buffered.splice(0)) media.write(pcm)
    if (this.#final !== undefined) media.end()
    this.#cancel = followMedia(this.#stage, media, {
      onStart: () => this.#start(),
      onOver: () => {
        this.#cancelSilence()
        this.#over(this.#final ?? finalType.client)
      },
    })
  }

  #start(): void {
    this.started = true
    this.#stage.status('AudioStart')
    this.#heardAt = this.#stage.clock.now() + this.#bufferedMs
    if (this.#final !== undefined) this.#awaitOver(this.#final)
  }

  #play(now: number, pcm: Uint8Array): void {
    const milliseconds = audioMilliseconds(pcm.length)
    if (!this.#playing) this.#buffered.push(pcm)
    this.#media?.write(pcm)
    if (!this.started) {
      this.#bufferedMs += milliseconds
      return
    }
    if (this.#heardAt < now) this.#stage.note('audio came too late: the picture stutters')
    this.#heardAt = Math.max(this.#heardAt, now) + milliseconds
  }

  #awaitNext(): void {
    this.#cancelSilence()
    this.#cancelSilence = this.#stage.clock.after(this.#maxIntervalMs, () => {
      this.#stage.note(`no packet for ${this.#maxIntervalMs} ms: the server ends the audio`)
      this.#finish(finalType.timeout)
    })
  }

  #finish(type: FinalType): void {
    this.#cancelSilence()
    this.#final = type
    this.#media?.end()
    if (this.started) this.#awaitOver(type)
  }

  #awaitOver(type: FinalType): void {
    this.#stage.status('WaitingAudioOver')
    // A human that plays it tells the end itself.
    if (this.#media) return
    const left = Math.max(0, this.#heardAt - this.#stage.clock.now())
    this.#cancel = this.#stage.clock.after(left, () => this.#over(type))
  }

  #over(type: FinalType): void {
    this.#stage.status('AudioOver', { finalType: type })
    this.#stage.done()
  }
}
