import type { MediaAudio } from '../media-plane'
import { Refusal } from '../wire/refusal'
import { AudioPace, audioMilliseconds, audioPacketBytes } from './audio-pace'
import type { CommandOutput } from './command-output'
import { type FinalType, finalType } from './speak-status'
import { followMedia, type SpokenCommand } from './spoken-command'

/** One packet of SEND_AUDIO. */
export interface AudioPacket {
  readonly seq: number
  /** PCM in the format of 1240/100398. Empty only in the final packet. */
  readonly pcm: Uint8Array
  readonly final: boolean
}

/**
 * One SEND_AUDIO with all its packets: WaitingAudioStart, AudioStart, WaitingAudioOver, AudioOver. Checks
 * the pace, and ends the audio after StreamMaxInterval without a packet (1240/100398).
 */
export class AudioCommand implements SpokenCommand {
  readonly kind = 'audio'
  readonly reqId: string
  started = false
  readonly #output: CommandOutput
  readonly #maxIntervalMs: number
  readonly #refuseTooFast: boolean
  readonly #pace = new AudioPace()
  #received = 0
  #sawShort = false
  /** Audio that arrived before the start. */
  #buffered: Uint8Array[] = []
  #bufferedMs = 0
  /** The sound at the human, when the human reports its progress. */
  #media: MediaAudio | undefined
  #playing = false
  /** Time at which all received audio has been played. */
  #playedAt = 0
  #final: FinalType | undefined
  #cancel = () => {}
  #cancelSilence = () => {}

  constructor(output: CommandOutput, reqId: string, maxIntervalMs: number, refuseTooFast: boolean) {
    this.#output = output
    this.reqId = reqId
    this.#maxIntervalMs = maxIntervalMs
    this.#refuseTooFast = refuseTooFast
  }

  /** @throws Refusal 100001 (Seq, packet size), 100012 (too fast), 110015 (after the final packet). */
  add(packet: AudioPacket): void {
    const now = this.#output.clock.now()
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
    if (this.#playing) this.#output.hush()
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
    const problem = 'audio comes too fast: send six packets at once, then one every 120 to 160 ms'
    if (this.#refuseTooFast) throw new Refusal(100012, problem)
    this.#output.log(problem)
  }

  #begin(): void {
    const { clock, delayMs } = this.#output
    this.#output.status('WaitingAudioStart')
    this.#cancel = clock.after(delayMs, () => {
      this.#playing = true
      this.#media = this.#output.play()
      if (this.#media) this.#followMedia(this.#media)
      else this.#start()
    })
  }

  #followMedia(media: MediaAudio): void {
    for (const pcm of this.#buffered.splice(0)) media.write(pcm)
    if (this.#final !== undefined) media.end()
    this.#cancel = followMedia(this.#output, media, {
      onStart: () => this.#start(),
      onOver: () => {
        this.#cancelSilence()
        this.#over(this.#final ?? finalType.client)
      },
    })
  }

  #start(): void {
    this.started = true
    this.#output.status('AudioStart')
    this.#playedAt = this.#output.clock.now() + this.#bufferedMs
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
    if (this.#playedAt < now) this.#output.log('audio came too late: the picture stutters')
    this.#playedAt = Math.max(this.#playedAt, now) + milliseconds
  }

  #awaitNext(): void {
    this.#cancelSilence()
    this.#cancelSilence = this.#output.clock.after(this.#maxIntervalMs, () => {
      this.#output.log(`no packet for ${this.#maxIntervalMs} ms: the server ends the audio`)
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
    this.#output.status('WaitingAudioOver')
    // Do not estimate the end: the human reports the end of its sound.
    if (this.#media) return
    const left = Math.max(0, this.#playedAt - this.#output.clock.now())
    this.#cancel = this.#output.clock.after(left, () => this.#over(type))
  }

  #over(type: FinalType): void {
    this.#output.status('AudioOver', { finalType: type })
    this.#output.done()
  }
}
