import type { PictureBank } from '../bank/picture-bank'
import type { RtmpPublisher } from '../rtmp/publisher'
import type { SpeechSource, VoiceSettings } from '../speech/speech-thread'
import type { Broadcast } from './broadcast'
import type { PictureOptions } from './picture-options'
import { PlayedAudio } from './played-audio'
import type { SeiNote } from './sei'
import type { AudioSpeech, Speech } from './speech'
import { SpokenText } from './spoken-text'

/** A digital human on the air. */
export interface DigitalHuman {
  /** Where to watch, when the plane's `publishTo` chose the address; otherwise undefined. */
  readonly playUrl: string | undefined
  /** Settles when the push has ended, with the reason as a sentence. Never rejects. */
  readonly ended: Promise<{ readonly reason: string }>
  /**
   * Says a text, plain or SSML (1211/65921), in place of whatever is being said. `voice` changes
   * the human's own settings for this text.
   */
  say(text: string, voice?: VoiceSettings): Speech
  /** Plays a caller's own PCM, in place of whatever is being said, and moves the mouth to it. */
  play(): AudioSpeech
  /** Silence within a tenth of a second. */
  hush(): void
  /** Tells something in the SEI of the next pictures (1240/110197). */
  note(note: SeiNote): void
  /**
   * Changes the picture while it is on the air: resolves with what could not be shown once it is to be
   * seen, about a second later. The size and the transparency stay as they are.
   */
  show(picture: PictureOptions): Promise<readonly string[]>
  /** What could not be shown when the human was opened, and why. */
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
  /** Draws another picture of the same human. */
  redraw(picture: PictureOptions): Promise<PictureBank>
}

/** A broadcast, the connection that it goes out by, and the voice that it speaks with. */
export class LiveHuman implements DigitalHuman {
  readonly playUrl: string | undefined
  readonly ended: Promise<{ readonly reason: string }>

  #shows = 0

  constructor(private readonly parts: LiveHumanParts) {
    this.playUrl = parts.playUrl
    this.ended = parts.publisher.closed.then((reason) => {
      parts.broadcast.stop()
      return { reason }
    })
  }

  say(text: string, voice: VoiceSettings = {}): Speech {
    const { broadcast, speech } = this.parts
    const spoken = new SpokenText(text, { ...this.parts.voice, ...voice }, speech)
    broadcast.play(spoken)
    return spoken
  }

  play(): AudioSpeech {
    const { broadcast, speech, voice } = this.parts
    const played = new PlayedAudio(speech, voice.volume ?? 0)
    broadcast.play(played)
    return played
  }

  hush(): void {
    this.parts.broadcast.hush()
  }

  note(note: SeiNote): void {
    this.parts.broadcast.note(note)
  }

  get warnings(): readonly string[] {
    return this.parts.warnings
  }

  async show(picture: PictureOptions): Promise<readonly string[]> {
    this.#shows += 1
    const turn = this.#shows
    const bank = await this.parts.redraw(picture)
    // A later picture that was drawn sooner stays.
    if (turn === this.#shows) this.parts.broadcast.show(bank)
    return bank.warnings
  }

  async close(): Promise<void> {
    this.parts.broadcast.stop()
    await this.parts.publisher.close('the human was closed')
    await this.ended
  }
}
