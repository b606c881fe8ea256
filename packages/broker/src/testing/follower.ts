import type { BrokerSnapshot } from '../visit/snapshot'

/** A page that reads the event stream of its session. */
export class Follower {
  readonly response: Response
  readonly snapshots: BrokerSnapshot[] = []
  raw = ''
  ended = false
  readonly #reader: ReadableStreamDefaultReader<Uint8Array>

  readonly #onAlive: () => void

  /** @param onAlive Called when the broker asks for a sign of life. */
  constructor(response: Response, onAlive: () => void) {
    this.#onAlive = onAlive
    if (!response.body) throw new Error('the response has no body')
    this.response = response
    this.#reader = response.body.getReader()
    void this.#read()
  }

  /** All states so far, each one once. */
  get states(): string[] {
    return [...new Set(this.snapshots.map(({ state }) => state))]
  }

  get last(): BrokerSnapshot | undefined {
    return this.snapshots.at(-1)
  }

  /** Breaks the stream, as a closed page or a lost network does. */
  async leave(): Promise<void> {
    await this.#reader.cancel()
  }

  async #read(): Promise<void> {
    const decoder = new TextDecoder()
    for (;;) {
      const { done, value } = await this.#reader.read()
      if (done) break
      const text = decoder.decode(value, { stream: true })
      this.raw += text
      if (text.startsWith('event: alive\n')) this.#onAlive()
      const data = /^event: state\ndata: (.*)\n\n$/.exec(text)?.[1]
      if (data) this.snapshots.push(JSON.parse(data) as BrokerSnapshot)
    }
    this.ended = true
  }
}
