import { IvhSessionError } from '../../errors'
import type { Utterance } from './utterance'

/** Number of utterances that may wait or be spoken at once: minutes of speech that nobody will hear. */
const mostPending = 100

export interface QueueListener {
  speaking(): void
  idle(): void
}

/** Performs one utterance at a time, in order, as the service requires (1240/108576). */
export class SpeechQueue {
  readonly #listener: QueueListener
  readonly #waiting: Utterance[] = []
  readonly #unsettled = new Set<Utterance>()
  /** Texts that a running text replaces, until they are over. */
  readonly #replaced = new Set<Utterance>()
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
    if (this.#unsettled.size >= mostPending && !interrupt) {
      utterance.fail(queueFull())
      return
    }
    this.#unsettled.add(utterance)
    utterance.onStarted = () => this.#setSpeaking(true)
    utterance.onOver = () => {
      this.#unsettled.delete(utterance)
      this.#replaced.delete(utterance)
      if (this.#unsettled.size === 0) this.#setSpeaking(false)
    }
    if (interrupt) this.#clear(utterance)
    this.#waiting.push(utterance)
    this.#runNext()
  }

  /** Stops the running utterance and empties the queue. Resolves when both are done. */
  async interrupt(): Promise<void> {
    const stopped = [...this.#unsettled].map((utterance) => utterance.interrupt())
    await Promise.allSettled(stopped)
  }

  /** Fails every unsettled utterance, and every later one. */
  end(error: unknown): void {
    this.#ended ??= { error }
    for (const utterance of [...this.#unsettled]) utterance.fail(error)
  }

  #clear(next: Utterance): void {
    for (const utterance of this.#waiting.splice(0)) void utterance.interrupt()
    const running = this.#running
    // Only a text replaces a text at the service. A stream replaces nothing before its source produces a
    // value.
    if (running?.kind !== 'text' || next.kind !== 'text') return void running?.interrupt()
    running.giveWay(next)
    if (!running.isOver) this.#replaced.add(running)
  }

  #runNext(): void {
    if (this.#running) return
    const next = this.#waiting.shift()
    if (!next) return
    this.#running = next
    // `#run` never rejects.
    void this.#run(next).then(() => {
      this.#running = undefined
      this.#runNext()
    })
  }

  async #run(next: Utterance): Promise<void> {
    // Wait for the previous text to end: only another text may begin earlier.
    if (next.kind !== 'text') {
      await Promise.allSettled([...this.#replaced].map(({ finished }) => finished))
    }
    await next.run()
  }

  #setSpeaking(speaking: boolean): void {
    if (this.#speaking === speaking) return
    this.#speaking = speaking
    if (speaking) this.#listener.speaking()
    else this.#listener.idle()
  }
}

function queueFull(): IvhSessionError {
  return new IvhSessionError('queue-full', `${mostPending} utterances are pending already`, {
    hint: 'Wait until one is finished, or say it with interrupt: true, which clears the queue.',
  })
}
