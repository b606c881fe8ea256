import type { RtmpPublisher } from '@ivh-kit/css-origin/publisher'
import {
  type AudioSpeech,
  type PictureBank,
  type PictureOptions,
  PlayedAudio,
  type SeiNote,
  type Speech,
  type SpeechSource,
  SpokenText,
  type VoiceSettings,
} from '@ivh-kit/digital-human'
import type { Broadcast } from './broadcast'

/** A digital human on the air. */
export interface DigitalHuman {
  /** Play address, when the plane's `publishTo` chose the push address; otherwise undefined. */
  readonly playUrl: string | undefined
  /** Resolves when the push ends, with the reason as a sentence. Never rejects. */
  readonly ended: Promise<{ readonly reason: string }>
  /**
   * Speaks a text, plain or SSML (1211/65921), in place of the current speech. `voice` overrides the
   * human's settings for this text.
   */
  say(text: string, voice?: VoiceSettings): Speech
  /** Plays the caller's own PCM in place of the current speech; the lips follow it. */
  play(): AudioSpeech
  /** Stops the current speech within a tenth of a second. */
  hush(): void
  /** Adds a note to the SEI of the next pictures (1240/110197). */
  note(note: SeiNote): void
  /**
   * Changes the picture on the air. Resolves when the new picture is sent, about a second later, with one
   * sentence for each image that could not be shown. Size and transparency stay the same.
   */
  show(picture: PictureOptions): Promise<readonly string[]>
  /** One sentence for each image that could not be shown when the human was opened. */
  readonly warnings: readonly string[]
  /** Unpublishes and disconnects. May be called more than once. */
  close(): Promise<void>
}

export interface LiveHumanParts {
  readonly broadcast: Broadcast
  readonly publisher: RtmpPublisher
  readonly playUrl: string | undefined
  readonly speech: SpeechSource
  readonly voice: VoiceSettings
  readonly warnings: readonly string[]
  /** Draws the same human with other options. */
  redraw(picture: PictureOptions): Promise<PictureBank>
}

/** A human on the air: its broadcast, its connection and its voice. */
export class LiveHuman implements DigitalHuman {
  readonly #parts: LiveHumanParts
  readonly playUrl: string | undefined
  readonly ended: Promise<{ readonly reason: string }>

  #shows = 0

  constructor(parts: LiveHumanParts) {
    this.#parts = parts
    this.playUrl = parts.playUrl
    this.ended = parts.publisher.closed.then((reason) => {
      parts.broadcast.stop()
      return { reason }
    })
  }

  say(text: string, voice: VoiceSettings = {}): Speech {
    const { broadcast, speech } = this.#parts
    const spoken = new SpokenText(text, { ...this.#parts.voice, ...voice }, speech)
    broadcast.play(spoken)
    return spoken
  }

  play(): AudioSpeech {
    const { broadcast, speech, voice } = this.#parts
    const played = new PlayedAudio(speech, voice.volume ?? 0)
    broadcast.play(played)
    return played
  }

  hush(): void {
    this.#parts.broadcast.hush()
  }

  note(note: SeiNote): void {
    this.#parts.broadcast.note(note)
  }

  get warnings(): readonly string[] {
    return this.#parts.warnings
  }

  async show(picture: PictureOptions): Promise<readonly string[]> {
    this.#shows += 1
    const turn = this.#shows
    const bank = await this.#parts.redraw(picture)
    // Show the picture only when no newer one was ready sooner.
    if (turn === this.#shows) this.#parts.broadcast.show(bank)
    return bank.warnings
  }

  async close(): Promise<void> {
    this.#parts.broadcast.stop()
    await this.#parts.publisher.close('the human was closed')
    await this.ended
  }
}
