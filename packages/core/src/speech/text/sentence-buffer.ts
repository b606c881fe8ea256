import { certainSentenceEnd, likelySentenceEnd } from './sentence-end'
import { eachInSpeak, insideSpeak, speakClosing, speakOpening } from './speak-element'
import { splitText } from './split-text'
import { incompleteFrom, isWithin, ssmlRanges } from './ssml-ranges'

/**
 * Length up to which a sentence is too short to be sent alone, in characters. The vendor advises more than
 * ten (1240/100399).
 */
const shortestSentence = 10

/**
 * Joins the fragments of a language model into sentences. The end of a sentence is certain only when text
 * follows it ("3.14", "…)"), so `push` returns a sentence when text follows, and `take` returns the last
 * sentence during a pause. A `<speak>` element becomes one `<speak>` per sentence.
 */
export class SentenceBuffer {
  readonly #maxBytes: number
  #pending = ''
  /** True when the text is inside a `<speak>`; undefined until that is known. */
  #inSpeak: boolean | undefined

  /** @param maxBytes Maximum size of a packet, in bytes of UTF-8. */
  constructor(maxBytes: number) {
    this.#maxBytes = maxBytes
  }

  /** Adds a fragment and returns the complete sentences, none longer than `maxBytes`. */
  push(fragment: string): string[] {
    this.#pending += fragment
    return [...this.#closed(), ...this.#certain()]
  }

  /** True when the pending text ends like a sentence, of any length. */
  get holdsSentence(): boolean {
    const match = likelySentenceEnd.exec(this.#pending)
    return (
      match !== null &&
      this.#pending.trim() !== '' &&
      incompleteFrom(this.#pending) === this.#pending.length &&
      !isWithin(ssmlRanges(this.#pending), match.index)
    )
  }

  /** Returns the pending text. More may follow. */
  take(): string[] {
    const rest = this.#pending
    this.#pending = ''
    return this.#pieces(rest)
  }

  /** Returns the pending text at the end of the source. */
  flush(): string[] {
    const pieces = this.take()
    this.#inSpeak = undefined
    return pieces
  }

  /** Returns the content of each `<speak>` that is closed. */
  #closed(): string[] {
    const pieces: string[] = []
    for (;;) {
      if (this.#inSpeak === undefined) this.#open()
      const end = this.#inSpeak ? this.#pending.indexOf(speakClosing) : -1
      if (end < 0) return pieces
      pieces.push(...this.#pieces(this.#pending.slice(0, end)))
      this.#pending = this.#pending.slice(end + speakClosing.length)
      this.#inSpeak = undefined
    }
  }

  #certain(): string[] {
    const end = this.#lastCompleteSentence()
    if (end > 0) {
      const complete = this.#pending.slice(0, end)
      this.#pending = this.#pending.slice(end)
      return this.#pieces(complete)
    }
    // Cut a very long text: a model may never end a sentence.
    if (Buffer.byteLength(this.#pending) < 2 * this.#maxBytes) return []
    const pieces = splitText(this.#pending, this.#room)
    this.#pending = pieces.pop() ?? ''
    return this.#inSpeak ? eachInSpeak(pieces) : pieces
  }

  get #room(): number {
    return this.#inSpeak ? insideSpeak(this.#maxBytes) : this.#maxBytes
  }

  #pieces(text: string): string[] {
    const pieces = splitText(text, this.#room)
    return this.#inSpeak ? eachInSpeak(pieces) : pieces
  }

  #open(): void {
    const text = this.#pending.trimStart()
    if (text.length < speakOpening.length && speakOpening.startsWith(text)) return
    this.#inSpeak = text.startsWith(speakOpening)
    if (this.#inSpeak) this.#pending = text.slice(speakOpening.length)
  }

  #lastCompleteSentence(): number {
    const ranges = ssmlRanges(this.#pending)
    const complete = incompleteFrom(this.#pending)
    let last = 0
    for (const match of this.#pending.matchAll(certainSentenceEnd)) {
      const end = match.index + match[0].length
      if (end > complete) break
      if (!isWithin(ranges, match.index) && end > shortestSentence) last = end
    }
    return last
  }
}
