import { aacFrameMs } from '../audio/format'
import { type ScriptPart, scriptOf } from './script'
import type { Sound, SoundFrame } from './sound'
import { type SoundSource, SpeechProgress } from './speech'
import type { SpeechSource, VoiceSettings } from './speech-thread'

/**
 * A text that is spoken sentence by sentence. The next sentence is made while the current one plays, so
 * a long text starts as soon as a short one, and twenty humans take turns.
 */
export class SpokenText extends SpeechProgress implements SoundSource {
  readonly #settings: VoiceSettings
  readonly #source: SpeechSource
  readonly #parts: ScriptPart[]
  readonly #stopping = new AbortController()
  #pending: Promise<unknown> | undefined
  #made: Sound | undefined
  #playing: Sound | undefined
  #frame = 0
  #pauseFrames = 0
  #over = false

  constructor(text: string, settings: VoiceSettings, source: SpeechSource) {
    super()
    this.#settings = settings
    this.#source = source
    this.#parts = scriptOf(text)
    this.#makeNext()
  }

  next(): SoundFrame | 'silence' | 'over' {
    while (!this.#over) {
      if (this.#pauseFrames > 0) {
        this.#pauseFrames -= 1
        return 'silence'
      }
      const frame = this.#playing?.frame(this.#frame) ?? 'over'
      if (frame === 'missing') return 'silence'
      if (frame !== 'over') {
        this.#frame += 1
        return frame
      }
      this.#playing = undefined
      if (!this.#made && this.#pending !== undefined) return 'silence'
      this.#advance()
    }
    return 'over'
  }

  stop(): void {
    this.#over = true
    this.#stopping.abort()
    this.finish()
  }

  /** Moves to the sentence that is ready, to a pause, or to the end. */
  #advance(): void {
    this.start()
    this.#playing = this.#made
    this.#made = undefined
    this.#frame = 0
    const part = this.#playing ? undefined : this.#parts.shift()
    if (part?.kind === 'pause') {
      this.#pauseFrames = Math.round(part.milliseconds / aacFrameMs)
    } else if (!this.#playing) {
      this.#over = true
      this.finish()
    }
    this.#makeNext()
  }

  /** Asks for the next sentence, unless a pause comes before it. */
  #makeNext(): void {
    const [part] = this.#parts
    if (part?.kind !== 'text') return
    this.#parts.shift()
    this.#pending = this.#source
      .say(
        { text: part.text, settings: this.#settings, urgent: !this.#playing },
        this.#stopping.signal,
      )
      .then((sound) => {
        this.#made = sound
      })
      .catch((error: unknown) => {
        this.#over = true
        this.fail(error instanceof Error ? error : new Error(String(error)))
      })
      .finally(() => {
        this.#pending = undefined
      })
  }
}
