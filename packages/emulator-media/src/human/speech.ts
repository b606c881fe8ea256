import type { SoundFrame } from '../speech/sound'

/** Something that a human says or plays. */
export interface Speech {
  /** Resolves when the first sound is on its way; never, when it ends before that. */
  readonly started: Promise<void>
  /** Resolves when the last sound is on its way, or it was silenced; rejects when the voice failed. */
  readonly finished: Promise<void>
}

/** A caller's own sound: 16 kHz, 16 bit, mono PCM (1240/100398). */
export interface AudioSpeech extends Speech {
  /** Little-endian samples as bytes, or as they are. Plays as soon as it can. */
  write(pcm: Uint8Array | Int16Array): void
  /** Nothing more will come; what has come is still played. */
  end(): void
}

/** What a soundtrack plays: asked for one frame after the other. */
export interface SoundSource {
  /** `silence` where none is there yet or a pause is; `over` once, at the end. */
  next(): SoundFrame | 'silence' | 'over'
  /** Nobody will ask any more. */
  stop(): void
}

/** The two promises of a speech and the ways to settle them. */
export class SpeechProgress implements Speech {
  readonly started: Promise<void>
  readonly finished: Promise<void>
  start: () => void = () => undefined
  finish: () => void = () => undefined
  fail: (error: Error) => void = () => undefined

  constructor() {
    this.started = new Promise((resolve) => {
      this.start = resolve
    })
    this.finished = new Promise((resolve, reject) => {
      this.finish = resolve
      this.fail = reject
    })
    // A caller who does not care need not look.
    this.finished.catch(() => undefined)
  }
}
