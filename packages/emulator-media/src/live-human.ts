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

/** Puts a broadcast, its connection and its voice together into a human. */
export function liveHuman(parts: LiveHumanParts): DigitalHuman {
  const { broadcast, playUrl, publisher, redraw, speech, voice: ownVoice, warnings } = parts
  let shows = 0
  const ended = publisher.closed.then((reason) => {
    broadcast.stop()
    return { reason }
  })
  return {
    playUrl,
    ended,
    warnings,
    say(text, voice = {}) {
      const spoken = new SpokenText(text, { ...ownVoice, ...voice }, speech)
      broadcast.play(spoken)
      return spoken
    },
    play() {
      const played = new PlayedAudio(speech, ownVoice.volume ?? 0)
      broadcast.play(played)
      return played
    },
    hush: () => broadcast.hush(),
    note: (note) => broadcast.note(note),
    async show(picture) {
      shows += 1
      const turn = shows
      const bank = await redraw(picture)
      // Show the picture only when no newer one was ready sooner.
      if (turn === shows) broadcast.show(bank)
      return bank.warnings
    },
    async close() {
      broadcast.stop()
      await publisher.close('the human was closed')
      await ended
    },
  }
}
