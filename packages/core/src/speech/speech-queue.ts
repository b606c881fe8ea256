import type { Utterance } from './utterance'

export interface QueueListener {
  speaking(): void
  idle(): void
}

/**
 * One utterance at a time, in the order in which they were given, so that the vendor's rules of order
 * cannot be broken (1240/108576).
 */
export class SpeechQueue {
  readonly #listener: QueueListener
  readonly #waiting: Utterance[] = []
  readonly #unsettled = new Set<Utterance>()
  #running: Utterance | undefined
  #speaking = false
  #ended: { readonly error: unknown } | undefined

  constructor(listener: QueueListener) {
    this.#listener = listener
  }

  get isSpeaking(): boolean {
    return this.#speaking
  }

  add(utterance: Utterance, interrupt: boolean): void {
    if (this.#ended) {
      utterance.fail(this.#ended.error)
      return
    }
    this.#unsettled.add(utterance)
    utterance.onStarted = () => this.#begin()
    utterance.onOver = () => {
      this.#unsettled.delete(utterance)
      this.#rest()
    }
    if (interrupt) this.#clear(utterance)
    this.#waiting.push(utterance)
    this.#pump()
  }

  /** Stops what is spoken and empties the queue; resolves when it is quiet. */
  async interrupt(): Promise<void> {
    const stopped = [...this.#unsettled].map((utterance) => utterance.interrupt())
    await Promise.allSettled(stopped)
  }

  /** The session is over: all that is unsettled fails, and so does what still comes. */
  end(error: unknown): void {
    this.#ended ??= { error }
    for (const utterance of [...this.#unsettled]) utterance.fail(error)
  }

  #clear(next: Utterance): void {
    for (const utterance of this.#waiting.splice(0)) void utterance.interrupt()
    // Of text to text the service takes care; all else must be over before the next begins.
    if (this.#running?.kind === 'text' && next.kind !== 'audio') this.#running.giveWay()
    else void this.#running?.interrupt()
  }

  #pump(): void {
    if (this.#running) return
    const next = this.#waiting.shift()
    if (!next) return
    this.#running = next
    // It never rejects.
    void next.run().then(() => {
      this.#running = undefined
      this.#pump()
    })
  }

  #begin(): void {
    if (this.#speaking) return
    this.#speaking = true
    this.#listener.speaking()
  }

  #rest(): void {
    if (!this.#speaking || this.#unsettled.size > 0) return
    this.#speaking = false
    this.#listener.idle()
  }
}
