import { Worker } from 'node:worker_threads'
import { checkedSound, type Tts, type TtsOptions, type VoiceName } from '../voice/tts'
import { Sound } from './sound'
import type { SpeechRequest, SpeechResponse } from './thread-message'

/** Settings of one human's voice. */
export interface VoiceSettings {
  /** Speed in percent of normal, 50 to 200. Default 100. */
  readonly speed?: number | undefined
  /** Change of the volume in decibels, -10 to 10. Default 0. */
  readonly volume?: number | undefined
  /** `TimbreKey`: any text. Each key has its own pitch; `male` and `female` in the key choose the range. */
  readonly timbre?: string | undefined
  /** A BCP 47 tag such as `zh-CN` or `en-US`. Default: the language of the text. */
  readonly language?: string | undefined
}

/** A sound that the caller writes piece by piece. */
export interface GrowingSound {
  readonly sound: Sound
  /** Resolves when the whole sound is encoded; rejects when encoding fails. */
  readonly complete: Promise<void>
  /** Adds PCM: 16 kHz, 16 bit, mono. */
  write(samples: Int16Array): void
  end(): void
  cancel(): void
}

/** One sentence and how to speak it. */
export interface SayRequest {
  readonly text: string
  readonly settings: VoiceSettings
  readonly urgent: boolean
}

/** Makes speech: speaks sentences and encodes audio. */
export interface SpeechSource {
  /**
   * Speaks one sentence. Urgent sentences come first: their humans are silent until then.
   *
   * @throws Error when the voice fails.
   */
  say(request: SayRequest, signal: AbortSignal): Promise<Sound>
  /** Opens a sound for the caller's own PCM; `volume` is in decibels. */
  open(volume: number): GrowingSound
  close(): Promise<void>
}

interface Pending {
  readonly sound: Sound
  resolve(): void
  reject(error: Error): void
}

/** A thread that speaks and encodes for many humans. It starts with the first request. */
export class SpeechThread implements SpeechSource {
  readonly #voice: VoiceName | Tts
  readonly #pending = new Map<number, Pending>()
  #worker: Worker | undefined
  #nextId = 1
  #closed = false

  constructor(voice: VoiceName | Tts) {
    this.#voice = voice
  }

  /** Starts the thread and loads its voice; later calls do nothing. */
  prepare(): void {
    if (this.#worker || this.#closed) return
    const voice = typeof this.#voice === 'string' ? this.#voice : undefined
    this.#post({ type: 'prepare', id: this.#nextId++, voice })
  }

  async say({ settings, text, urgent }: SayRequest, signal: AbortSignal): Promise<Sound> {
    signal.throwIfAborted()
    if (this.#closed) throw closedError()
    const { language, speed = 100, timbre, volume = 0 } = settings
    const voice = this.#voice
    const id = this.#nextId++
    if (typeof voice === 'string') {
      const style = { speed, volume, timbre, language }
      return this.#ask({ type: 'say', id, text, voice, urgent, ...style }, signal)
    }
    const options: TtsOptions = { speed, timbre, language, signal }
    const { sampleRate, samples } = checkedSound(await voice.speak(text, options))
    signal.throwIfAborted()
    if (this.#closed) throw closedError()
    // Copy the samples: the buffer is transferred to the thread, and the voice may use its array again.
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
    // The voice alone must not keep the process alive.
    worker.unref()
    worker.on('message', (response: SpeechResponse) => this.#receive(response))
    const lost = (error: Error): void => {
      if (this.#worker !== worker) return
      this.#worker = undefined
      this.#fail(error)
    }
    worker.on('error', lost)
    worker.on('exit', (code) => lost(new Error(`The speech thread ended with code ${code}.`)))
    return worker
  }

  #receive(response: SpeechResponse): void {
    const pending = this.#pending.get(response.id)
    if (!pending) return
    if (response.type === 'failed') {
      this.#pending.delete(response.id)
      pending.reject(new Error(response.message))
      return
    }
    pending.sound.append(response)
    if (!response.complete) return
    this.#pending.delete(response.id)
    pending.resolve()
  }

  #fail(error: Error): void {
    const all = [...this.#pending.values()]
    this.#pending.clear()
    for (const { reject } of all) reject(error)
  }
}

function closedError(): Error {
  return new Error('The speech thread is closed: create another media plane.')
}
