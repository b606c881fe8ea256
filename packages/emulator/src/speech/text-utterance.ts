import { type Stage, spokenMilliseconds, type Utterance } from './utterance'

/** One SEND_TEXT: WaitingTextStart, TextStart, WaitingTextOver, TextOver (1240/100401). */
export class TextUtterance implements Utterance {
  readonly kind = 'text'
  readonly reqId: string
  started = false
  readonly #stage: Stage
  #cancel: () => void

  constructor(stage: Stage, reqId: string, text: string) {
    this.#stage = stage
    this.reqId = reqId
    stage.status('WaitingTextStart')
    this.#cancel = stage.clock.after(stage.delayMs, () => this.#start(spokenMilliseconds(text)))
  }

  cut(): void {
    this.abandon()
    if (this.started) this.#stage.hush()
    this.#over()
  }

  abandon(): void {
    this.#cancel()
  }

  #start(milliseconds: number): void {
    const { clock, delayMs } = this.#stage
    this.started = true
    this.#stage.status('TextStart')
    this.#stage.speak(milliseconds)
    // All is handed to the stream a little before it has been heard.
    const tail = Math.min(delayMs, milliseconds)
    this.#cancel = clock.after(milliseconds - tail, () => {
      this.#stage.status('WaitingTextOver')
      this.#cancel = clock.after(tail, () => this.#over())
    })
  }

  #over(): void {
    this.#stage.status('TextOver')
    this.#stage.done()
  }
}
