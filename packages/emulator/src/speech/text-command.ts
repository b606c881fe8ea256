import type { CommandOutput } from './command-output'
import { followMedia, type SpokenCommand } from './spoken-command'
import { spokenMilliseconds } from './ssml'

/** One SEND_TEXT: WaitingTextStart, TextStart, WaitingTextOver, TextOver (1240/100401). */
export class TextCommand implements SpokenCommand {
  readonly kind = 'text'
  readonly reqId: string
  started = false
  readonly #output: CommandOutput
  #cancel: () => void
  #speaking = false

  constructor(output: CommandOutput, reqId: string, text: string) {
    this.#output = output
    this.reqId = reqId
    output.status('WaitingTextStart')
    this.#cancel = output.clock.after(output.delayMs, () => this.#speak(text))
  }

  hush(): void {
    this.abandon()
    if (this.#speaking) this.#output.hush()
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
    const speech = this.#output.say(text)
    if (!speech) {
      this.#start()
      this.#followEstimate(spokenMilliseconds(text))
      return
    }
    this.#cancel = followMedia(this.#output, speech, {
      onStart: () => this.#start(),
      onOver: () => {
        this.#output.status('WaitingTextOver')
        this.#over()
      },
    })
  }

  #start(): void {
    this.started = true
    this.#output.status('TextStart')
  }

  #followEstimate(milliseconds: number): void {
    const { clock, delayMs } = this.#output
    // The stream receives the end of the sound before the viewer hears it.
    const tail = Math.min(delayMs, milliseconds)
    this.#cancel = clock.after(milliseconds - tail, () => {
      this.#output.status('WaitingTextOver')
      this.#cancel = clock.after(tail, () => this.#over())
    })
  }

  #over(): void {
    this.#output.status('TextOver')
    this.#output.done()
  }
}
