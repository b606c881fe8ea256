import { lastSentenceEnd, sentenceEnds } from './sentence-end'
import { contentOfSpeak, eachInSpeak, insideSpeak } from './speak-element'
import { splitText } from './split-text'
import { isWithin, ssmlRanges } from './ssml-ranges'

/**
 * Length up to which a sentence is too short to be sent alone, in characters. The vendor advises more than
 * ten (1240/100399).
 */
const shortestSentence = 10

/**
 * Joins pieces of markup into sentences. The end of a sentence is certain only when text follows it ("3.14",
 * "…)"), so `push` returns a sentence when text follows, and `take` returns the last sentence during a pause.
 * A `<speak>` element becomes one `<speak>` per sentence.
 */
export class SentenceBuffer {
  readonly #maxBytes: number
  #pending = ''

  /** @param maxBytes Maximum size of a packet, in bytes of UTF-8. */
  constructor(maxBytes: number) {
    this.#maxBytes = maxBytes
  }

  /** Adds markup with whole elements. Returns the complete sentences, none longer than `maxBytes`. */
  push(markup: string): string[] {
    const content = contentOfSpeak(markup)
    if (content !== undefined) return [...this.take(), ...this.#inSpeak(content)]
    this.#pending += markup
    const end = this.#lastCompleteSentence()
    if (end > 0) {
      const complete = this.#pending.slice(0, end)
      this.#pending = this.#pending.slice(end)
      return splitText(complete, this.#maxBytes)
    }
    // Cut a very long text: a model may never end a sentence.
    if (Buffer.byteLength(this.#pending) < 2 * this.#maxBytes) return []
    const pieces = splitText(this.#pending, this.#maxBytes)
    this.#pending = pieces.pop() ?? ''
    return pieces
  }

  /** True when the pending text ends like a sentence, of any length. */
  get holdsSentence(): boolean {
    const last = lastSentenceEnd(this.#pending)
    return (
      last !== undefined &&
      this.#pending.trim() !== '' &&
      !isWithin(ssmlRanges(this.#pending), last.index)
    )
  }

  /** Returns the pending text, at the end of the source or during a pause. */
  take(): string[] {
    const rest = this.#pending
    this.#pending = ''
    return splitText(rest, this.#maxBytes)
  }

  #inSpeak(content: string): string[] {
    const inner = new SentenceBuffer(insideSpeak(this.#maxBytes))
    return eachInSpeak([...inner.push(content), ...inner.take()])
  }

  #lastCompleteSentence(): number {
    const ranges = ssmlRanges(this.#pending)
    const last = sentenceEnds(this.#pending, true).findLast(
      ({ index, end }) => end > shortestSentence && !isWithin(ranges, index),
    )
    return last?.end ?? 0
  }
}
