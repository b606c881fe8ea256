type Context = Readonly<Record<string, unknown>>

/** Collects the log lines, each with its context as text. */
export class RecordingLogger {
  readonly lines: string[] = []
  readonly debug = this.#recorderOf('debug')
  readonly info = this.#recorderOf('info')
  readonly warn = this.#recorderOf('warn')
  readonly error = this.#recorderOf('error')

  get text(): string {
    return this.lines.join('\n')
  }

  #recorderOf(level: string) {
    return (message: string, context: Context = {}): void => {
      this.lines.push(`${level} ${message} ${JSON.stringify(context)}`)
    }
  }
}
