/** Makes ids of `m` and digits, like those of the service. */
export class SessionIds {
  readonly #createId: () => string
  #nextNumber: number

  constructor(firstNumber: number, createId: () => string) {
    this.#nextNumber = firstNumber
    this.#createId = createId
  }

  next(): string {
    this.#nextNumber += 1
    const tail = this.#createId().replace(/\D/g, '').slice(0, 5)
    // Both parts have a fixed length, so that two different pairs cannot give the same id.
    return `m${String(this.#nextNumber).padStart(13, '0')}${tail.padEnd(5, '0')}`
  }
}
