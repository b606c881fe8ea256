import { certainSentenceEnd, likelySentenceEnd } from './sentence-end'
import { eachInSpeak, insideSpeak, speakClosing, speakOpening } from './speak-element'
import { splitText } from './split-text'
import { incompleteFrom, isWithin, ssmlRanges } from './ssml-ranges'

/** The vendor advises sentences of more than ten characters (1240/100399). */
const shortestSentence = 10

/**
 * Turns the fragments of a language model into sentences to be spoken. A sentence is given out when
 * something follows it, because only then is its end certain ("3.14", "…)"), or when it is taken
 * because nothing does. A `<speak>` is taken off and put around each sentence in it.
 */
export class SentenceBuffer {
  readonly #maxBytes: number
  #pending = ''
  /** Whether what comes stands in a `<speak>`; undefined until that is clear. */
  #inSpeak: boolean | undefined

  /** @param maxBytes the longest packet, in bytes of UTF-8. */
  constructor(maxBytes: number) {
    this.#maxBytes = maxBytes
  }

  /** Adds a fragment; gives the sentences that are complete now, none longer than `maxBytes`. */
  push(fragment: string): string[] {
    this.#pending += fragment
    return [...this.#closed(), ...this.#certain()]
  }

  /** Whether what waits is a sentence, however short, should nothing follow it for a while. */
  get holdsSentence(): boolean {
    const match = likelySentenceEnd.exec(this.#pending)
    return (
      match !== null &&
      this.#pending.trim() !== '' &&
      incompleteFrom(this.#pending) === this.#pending.length &&
      !isWithin(ssmlRanges(this.#pending), match.index)
    )
  }

  /** What waits, though more may come. */
  take(): string[] {
    const rest = this.#pending
    this.#pending = ''
    return this.#pieces(rest)
  }

  /** The rest, when nothing more will come. */
  flush(): string[] {
    const pieces = this.take()
    this.#inSpeak = undefined
    return pieces
  }

  /** What stands in a `<speak>` that is closed. */
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
    // A model that never ends a sentence must not be kept back for ever.
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
