import type { SoundFrame } from './sound'

/** An utterance of a human: a text that it speaks, or audio that it plays. */
export interface Speech {
  /** Resolves when the first sound is sent. Stays pending when the speech ends before that. */
  readonly started: Promise<void>
  /** Resolves when the last sound is sent or the speech was stopped; rejects when the voice fails. */
  readonly finished: Promise<void>
}

/** The caller's own audio: 16 kHz, 16 bit, mono PCM (1240/100398). */
export interface AudioSpeech extends Speech {
  /** Adds samples, as little-endian bytes or as numbers. They play as soon as possible. */
  write(pcm: Uint8Array | Int16Array): void
  /** Marks the end of the audio. Everything written before it still plays. */
  end(): void
}

/** A source of sound frames, which a soundtrack asks for one after the other. */
export interface SoundSource {
  /** Returns the next frame, `silence` during a pause or a delay, and `over` once at the end. */
  next(): SoundFrame | 'silence' | 'over'
  /** Ends the source early. */
  stop(): void
}

/** The two promises of a speech, and the functions that settle them. */
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
    // Handle the rejection here, so that callers may ignore the outcome.
    this.finished.catch(() => undefined)
  }
}
