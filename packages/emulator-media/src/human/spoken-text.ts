import { AAC_FRAME_MS } from '../audio/format'
import { type ScriptPart, scriptOf } from '../speech/script'
import type { Sound, SoundFrame } from '../speech/sound'
import type { SpeechSource, VoiceSettings } from '../speech/speech-thread'
import { type SoundSource, SpeechProgress } from './speech'

/**
 * A text being spoken, sentence by sentence: while one plays the next is made, so that a long text
 * begins as soon as a short one and twenty humans get their turns.
 */
export class SpokenText extends SpeechProgress implements SoundSource {
  readonly #parts: ScriptPart[]
  readonly #stopping = new AbortController()
  #next: Promise<unknown> | undefined
  #made: Sound | undefined
  #playing: Sound | undefined
  #frame = 0
  #pauseFrames = 0
  #over = false

  constructor(
    text: string,
    private readonly settings: VoiceSettings,
    private readonly source: SpeechSource,
  ) {
    super()
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
      if (!this.#made && this.#next !== undefined) return 'silence'
      this.#goOn()
    }
    return 'over'
  }

  stop(): void {
    this.#over = true
    this.#stopping.abort()
    this.finish()
  }

  /** To the sentence that has been made, a pause, or the end. */
  #goOn(): void {
    this.start()
    this.#playing = this.#made
    this.#made = undefined
    this.#frame = 0
    const part = this.#playing ? undefined : this.#parts.shift()
    if (part?.kind === 'pause') {
      this.#pauseFrames = Math.round(part.milliseconds / AAC_FRAME_MS)
    } else if (!this.#playing) {
      this.#over = true
      this.finish()
    }
    this.#makeNext()
  }

  /** Starts on the next sentence, unless a pause comes first. */
  #makeNext(): void {
    const [part] = this.#parts
    if (part?.kind !== 'text') return
    this.#parts.shift()
    this.#next = this.source
      .say(
        { text: part.text, settings: this.settings, urgent: !this.#playing },
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
        this.#next = undefined
      })
  }
}
