const marks = new Set('。！？；!?;\n')

/** Fragment mode: the service finds the sentences in what arrives by itself (1240/100399). */
export class SentenceCutter {
  #current = ''
  /** What came last may close the sentence: its next character decides. */
  #pending: 'mark' | 'dot' | undefined

  /** How many characters wait for the end of their sentence. */
  get length(): number {
    return this.#current.length
  }

  /** The sentences that are complete now. */
  add(text: string): string[] {
    const sentences: string[] = []
    for (const character of text) {
      const closes =
        (this.#pending === 'mark' && !marks.has(character)) ||
        (this.#pending === 'dot' && /\s/.test(character))
      if (closes) sentences.push(...this.flush())
      this.#current += character
      this.#pending = marks.has(character) ? 'mark' : character === '.' ? 'dot' : undefined
    }
    return sentences
  }

  /** What is left when no more will come. */
  flush(): string[] {
    const rest = this.#current
    this.#current = ''
    this.#pending = undefined
    return rest.trim() === '' ? [] : [rest]
  }
}
