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
  /** Texts that are still to be cut off, by the one that runs. */
  readonly #leaving = new Set<Utterance>()
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
      this.#leaving.delete(utterance)
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
    const running = this.#running
    // Of text to text the service takes care. A stream has nothing to cut in with until its source speaks.
    if (running?.kind !== 'text' || next.kind !== 'text') return void running?.interrupt()
    running.giveWay(next)
    if (!running.isOver) this.#leaving.add(running)
  }

  #pump(): void {
    if (this.#running) return
    const next = this.#waiting.shift()
    if (!next) return
    this.#running = next
    // It never rejects.
    void this.#run(next).then(() => {
      this.#running = undefined
      this.#pump()
    })
  }

  async #run(next: Utterance): Promise<void> {
    // Nothing but a text may come before the text before it is over.
    if (next.kind !== 'text') {
      await Promise.allSettled([...this.#leaving].map(({ finished }) => finished))
    }
    await next.run()
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
