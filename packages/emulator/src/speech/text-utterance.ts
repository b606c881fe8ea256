import { spokenMilliseconds } from './ssml'
import { followMedia, type Stage, type Utterance } from './utterance'

/** One SEND_TEXT: WaitingTextStart, TextStart, WaitingTextOver, TextOver (1240/100401). */
export class TextUtterance implements Utterance {
  readonly kind = 'text'
  readonly reqId: string
  started = false
  readonly #stage: Stage
  #cancel: () => void
  #speaking = false

  constructor(stage: Stage, reqId: string, text: string) {
    this.#stage = stage
    this.reqId = reqId
    stage.status('WaitingTextStart')
    this.#cancel = stage.clock.after(stage.delayMs, () => this.#speak(text))
  }

  hush(): void {
    this.abandon()
    if (this.#speaking) this.#stage.hush()
    this.#speaking = false
  }

  cut(): void {
    this.hush()
    this.#over()
  }

  abandon(): void {
    this.#cancel()
  }

  #speak(text: string): void {
    this.#speaking = true
    const speech = this.#stage.say(text)
    if (!speech) {
      this.#start()
      this.#followEstimate(spokenMilliseconds(text))
      return
    }
    this.#cancel = followMedia(this.#stage, speech, {
      onStart: () => this.#start(),
      onOver: () => {
        this.#stage.status('WaitingTextOver')
        this.#over()
      },
    })
  }

  #start(): void {
    this.started = true
    this.#stage.status('TextStart')
  }

  #followEstimate(milliseconds: number): void {
    const { clock, delayMs } = this.#stage
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
