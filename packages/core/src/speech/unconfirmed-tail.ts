import type { UnconfirmedRange } from '../errors'
import type { Packet } from './packet'

/** So many characters of frames are kept to be sent again: about six seconds of audio. */
const keptCharacters = 256 * 1024

/** What a drive has sent and the service has not confirmed. Bounded: of more, the oldest is forgotten. */
export class UnconfirmedTail {
  #packets: Packet[] = []
  #characters = 0
  #confirmed = 0
  #last = 0

  get packets(): readonly Packet[] {
    return this.#packets
  }

  /** Everything up to this `Seq` is with the service. */
  get confirmedSeq(): number {
    return this.#confirmed
  }

  /** Everything up to this `Seq` has been sent. */
  get sentSeq(): number {
    return this.#last
  }

  /** Something that is to be heard is unconfirmed. */
  get hasContent(): boolean {
    return this.#last > this.#confirmed && !this.#packets[0]?.final
  }

  get hasFinal(): boolean {
    return this.#packets.at(-1)?.final ?? false
  }

  /** Nothing of it was forgotten. */
  get isComplete(): boolean {
    return (this.#packets[0]?.seq ?? this.#last + 1) === this.#confirmed + 1
  }

  /** What nobody knows about, for a person. */
  get uncertain(): UnconfirmedRange {
    const content = this.#packets.filter(({ final }) => !final)
    const texts = content.map(({ text }) => text)
    const known = this.isComplete && !texts.includes(undefined)
    return {
      firstSeq: this.#confirmed + 1,
      lastSeq: content.at(-1)?.seq ?? this.#last,
      text: known ? texts.join('') : undefined,
    }
  }

  add(packet: Packet): void {
    this.#packets.push(packet)
    this.#last = packet.seq
    this.#characters += packet.frame.length
    while (this.#characters > keptCharacters && this.#packets.length > 1) this.#forgetFirst()
  }

  /** The service has everything up to this `Seq`. */
  confirm(seq: number): void {
    if (seq <= this.#confirmed) return
    this.#confirmed = Math.min(seq, this.#last)
    while ((this.#packets[0]?.seq ?? Number.POSITIVE_INFINITY) <= seq) this.#forgetFirst()
  }

  confirmAll(): void {
    this.confirm(this.#last)
  }

  #forgetFirst(): void {
    this.#characters -= this.#packets.shift()?.frame.length ?? 0
  }
}
