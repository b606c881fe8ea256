import { Worker } from 'node:worker_threads'
import { Sound } from './sound'
import type { SpeechAnswer, SpeechRequest } from './thread-message'
import type { Tts, TtsOptions, VoiceName } from './tts'
import { checkedSound } from './tts-sound'

/** What one human's voice is like. */
export interface VoiceSettings {
  /** Percent of normal, 50 to 200. Default 100. */
  readonly speed?: number | undefined
  /** Decibels louder or softer, -10 to 10. Default 0. */
  readonly volume?: number | undefined
  /** `TimbreKey`: any text; each sounds a little different, and `male` or `female` in it is heeded. */
  readonly timbre?: string | undefined
  /** `zh-CN`, `en-US`. Default: what the text is written in. */
  readonly language?: string | undefined
}

/** A sound that is written piece by piece. */
export interface GrowingSound {
  readonly sound: Sound
  /** Settles when all has been encoded; rejects when that failed. */
  readonly complete: Promise<void>
  /** 16 kHz, 16 bit, mono. */
  write(samples: Int16Array): void
  end(): void
  cancel(): void
}

/** One sentence to be spoken. */
export interface SayRequest {
  readonly text: string
  readonly settings: VoiceSettings
  readonly urgent: boolean
}

/** Where speech is made. */
export interface SpeechSource {
  /**
   * Speaks one sentence; one that is urgent, because nothing is heard until then, before those that
   * are not. @throws Error when the voice cannot.
   */
  say(request: SayRequest, signal: AbortSignal): Promise<Sound>
  /** Takes PCM that somebody else has made. */
  open(volume: number): GrowingSound
  close(): Promise<void>
}

interface Pending {
  readonly sound: Sound
  resolve(): void
  reject(error: Error): void
}

/** A thread that speaks and encodes for all humans of a plane, started when it is needed. */
export class SpeechThread implements SpeechSource {
  readonly #pending = new Map<number, Pending>()
  #worker: Worker | undefined
  #nextId = 1
  #closed = false

  constructor(private readonly voice: VoiceName | Tts) {}

  /** Starts the thread and its voice, if that has not been done. */
  prepare(): void {
    if (this.#worker || this.#closed) return
    const voice = typeof this.voice === 'string' ? this.voice : undefined
    this.#post({ type: 'prepare', id: this.#nextId++, voice })
  }

  async say({ settings, text, urgent }: SayRequest, signal: AbortSignal): Promise<Sound> {
    signal.throwIfAborted()
    if (this.#closed) throw closedError()
    const { language, speed = 100, timbre, volume = 0 } = settings
    const { voice } = this
    const id = this.#nextId++
    if (typeof voice === 'string') {
      const how = { speed, volume, timbre, language }
      return this.#ask({ type: 'say', id, text, voice, urgent, ...how }, signal)
    }
    const options: TtsOptions = { speed, timbre, language, signal }
    const { sampleRate, samples } = checkedSound(await voice.speak(text, options))
    signal.throwIfAborted()
    if (this.#closed) throw closedError()
    // A copy: what a voice keeps must not vanish into the other thread.
    const copy = samples.slice()
    const request = { type: 'encode', id, sampleRate, samples: copy, volume, urgent } as const
    return this.#ask(request, signal, [copy.buffer])
  }

  open(volume: number): GrowingSound {
    const id = this.#nextId++
    const sound = new Sound()
    const complete = new Promise<void>((resolve, reject) => {
      this.#pending.set(id, { sound, resolve, reject })
    })
    complete.catch(() => undefined)
    if (this.#closed) this.#fail(closedError())
    return {
      sound,
      complete,
      write: (samples) => {
        const copy = samples.slice()
        this.#post({ type: 'write', id, samples: copy, volume }, [copy.buffer])
      },
      end: () => this.#post({ type: 'end', id }),
      cancel: () => {
        if (this.#pending.delete(id)) this.#post({ type: 'cancel', id })
      },
    }
  }

  async close(): Promise<void> {
    this.#closed = true
    this.#fail(closedError())
    await this.#worker?.terminate()
  }

  async #ask(
    request: SpeechRequest,
    signal: AbortSignal,
    transfer: ArrayBuffer[] = [],
  ): Promise<Sound> {
    const { id } = request
    const sound = new Sound()
    await new Promise<void>((resolve, reject) => {
      const abort = (): void => {
        this.#pending.delete(id)
        this.#post({ type: 'cancel', id })
        reject(signal.reason)
      }
      const settle = (act: () => void) => () => {
        signal.removeEventListener('abort', abort)
        act()
      }
      signal.addEventListener('abort', abort, { once: true })
      this.#pending.set(id, {
        sound,
        resolve: settle(resolve),
        reject: (error) => settle(() => reject(error))(),
      })
      this.#post(request, transfer)
    })
    return sound
  }

  #post(request: SpeechRequest, transfer: ArrayBuffer[] = []): void {
    if (this.#closed) return
    this.#worker ??= this.#start()
    this.#worker.postMessage(request, transfer)
  }

  #start(): Worker {
    const worker = new Worker(new URL('./speech-worker.mjs', import.meta.url))
    // Humans keep the process alive, not their voice.
    worker.unref()
    worker.on('message', (answer: SpeechAnswer) => this.#receive(answer))
    const lost = (error: Error): void => {
      if (this.#worker !== worker) return
      this.#worker = undefined
      this.#fail(error)
    }
    worker.on('error', lost)
    worker.on('exit', (code) => lost(new Error(`The speech thread ended with code ${code}.`)))
    return worker
  }

  #receive(answer: SpeechAnswer): void {
    const pending = this.#pending.get(answer.id)
    if (!pending) return
    if (answer.type === 'failed') {
      this.#pending.delete(answer.id)
      pending.reject(new Error(answer.message))
      return
    }
    pending.sound.append(answer)
    if (!answer.complete) return
    this.#pending.delete(answer.id)
    pending.resolve()
  }

  #fail(error: Error): void {
    const all = [...this.#pending.values()]
    this.#pending.clear()
    for (const { reject } of all) reject(error)
  }
}

function closedError(): Error {
  return new Error('The media plane was closed.')
}
