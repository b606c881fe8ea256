interface Entry<Item> {
  readonly item: Item
  at: number
  index: number
}

/** Items ordered by the moment at which each is due: a binary heap that knows where each item is. */
export class DueQueue<Item> {
  readonly #heap: Entry<Item>[] = []
  readonly #entries = new Map<Item, Entry<Item>>()

  get size(): number {
    return this.#heap.length
  }

  /** The item that is due first. */
  get first(): { readonly item: Item; readonly at: number } | undefined {
    return this.#heap[0]
  }

  /** Puts an item in, or moves it to another moment. */
  set(item: Item, at: number): void {
    const known = this.#entries.get(item)
    if (!known) {
      const entry = { item, at, index: this.#heap.length }
      this.#entries.set(item, entry)
      this.#heap.push(entry)
      this.#rise(entry)
      return
    }
    const earlier = at < known.at
    known.at = at
    if (earlier) this.#rise(known)
    else this.#sink(known)
  }

  delete(item: Item): void {
    const entry = this.#entries.get(item)
    if (!entry) return
    this.#entries.delete(item)
    const last = this.#heap.pop()
    if (!last || last === entry) return
    this.#put(last, entry.index)
    this.#rise(last)
    this.#sink(last)
  }

  /** Whether at least `count` items are due by then; looks at no more of them than it takes. */
  hasDue(count: number, by: number): boolean {
    let found = 0
    const ahead = [0]
    for (let index = ahead.pop(); index !== undefined && found < count; index = ahead.pop()) {
      const entry = this.#heap[index]
      if (!entry || entry.at > by) continue
      found += 1
      ahead.push(2 * index + 1, 2 * index + 2)
    }
    return found >= count
  }

  #put(entry: Entry<Item>, index: number): void {
    this.#heap[index] = entry
    entry.index = index
  }

  #rise(entry: Entry<Item>): void {
    while (entry.index > 0) {
      const { index } = entry
      const parent = this.#heap[(index - 1) >> 1]
      if (!parent || parent.at <= entry.at) return
      this.#put(entry, parent.index)
      this.#put(parent, index)
    }
  }

  #sink(entry: Entry<Item>): void {
    for (;;) {
      const { index } = entry
      const left = this.#heap[2 * index + 1]
      const right = this.#heap[2 * index + 2]
      const child = right && left && right.at < left.at ? right : left
      if (!child || child.at >= entry.at) return
      this.#put(entry, child.index)
      this.#put(child, index)
    }
  }
}
