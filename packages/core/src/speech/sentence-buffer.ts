import { byteLength } from './byte-length'
import { splitText } from './split-text'
import { incompleteFrom, ssmlRanges } from './ssml-ranges'

const sentenceEnd =
  /[。！？!?；;…\n]["'”’」』）)\]]*(?=[^"'”’」』）)\]])|\.["'”’」』）)\]]*(?=\s)/gu

/** The vendor advises sentences of more than ten characters (1240/100399). */
const shortestSentence = 10

/**
 * Turns the fragments of a language model into sentences to be spoken. A sentence is given out when
 * something follows it, because only then is its end certain ("3.14", "…)").
 */
export class SentenceBuffer {
  readonly #maxBytes: number
  #pending = ''

  /** @param maxBytes the longest packet, in bytes of UTF-8. */
  constructor(maxBytes: number) {
    this.#maxBytes = maxBytes
  }

  /** Adds a fragment; gives the sentences that are complete now, none longer than `maxBytes`. */
  push(fragment: string): string[] {
    this.#pending += fragment
    const end = this.#lastCompleteSentence()
    if (end > 0) {
      const complete = this.#pending.slice(0, end)
      this.#pending = this.#pending.slice(end)
      return splitText(complete, this.#maxBytes)
    }
    // A model that never ends a sentence must not be kept back for ever.
    if (byteLength(this.#pending) < 2 * this.#maxBytes) return []
    const pieces = splitText(this.#pending, this.#maxBytes)
    this.#pending = pieces.pop() ?? ''
    return pieces
  }

  /** The rest, when nothing more will come. */
  flush(): string[] {
    const rest = this.#pending
    this.#pending = ''
    return splitText(rest, this.#maxBytes)
  }

  #lastCompleteSentence(): number {
    const ranges = ssmlRanges(this.#pending)
    const complete = incompleteFrom(this.#pending)
    let last = 0
    for (const match of this.#pending.matchAll(sentenceEnd)) {
      const end = match.index + match[0].length
      if (end > complete) break
      const inElement = ranges.some((range) => end > range.start && end < range.end)
      if (!inElement && end > shortestSentence) last = end
    }
    return last
  }
}
