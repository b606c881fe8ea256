import type { UnconfirmedRange } from '../../errors'

/** One message of a command, ready to be sent. */
export interface Packet {
  /** `Seq` on the wire; 1 for a whole text. */
  readonly seq: number
  readonly frame: string
  /** True for the packet that ends the command. It has no content, so a second copy does no harm. */
  readonly final: boolean
  /** Text of the packet; undefined for audio. */
  readonly text: string | undefined
}

/** Maximum number of characters that are kept for sending again: about six seconds of audio. */
const keptCharacters = 256 * 1024

/** Packets that were sent and that the service has not confirmed. Above the limit the oldest are dropped. */
export class UnconfirmedPackets {
  #packets: Packet[] = []
  #characters = 0
  #confirmedSeq = 0
  #sentSeq = 0

  get packets(): readonly Packet[] {
    return this.#packets
  }

  /** `Seq` of the last confirmed packet. The service has all packets up to it. */
  get confirmedSeq(): number {
    return this.#confirmedSeq
  }

  /** `Seq` of the last packet that was sent. */
  get sentSeq(): number {
    return this.#sentSeq
  }

  /** True when a packet with content is unconfirmed. */
  get hasContent(): boolean {
    return this.#sentSeq > this.#confirmedSeq && !this.#packets[0]?.final
  }

  get hasFinal(): boolean {
    return this.#packets.at(-1)?.final ?? false
  }

  /** True when no unconfirmed packet was dropped. */
  get isComplete(): boolean {
    return (this.#packets[0]?.seq ?? this.#sentSeq + 1) === this.#confirmedSeq + 1
  }

  /** The unconfirmed content, for the caller. */
  get range(): UnconfirmedRange {
    const content = this.#packets.filter(({ final }) => !final)
    const texts = content.map(({ text }) => text)
    const known = this.isComplete && !texts.includes(undefined)
    return {
      firstSeq: this.#confirmedSeq + 1,
      lastSeq: content.at(-1)?.seq ?? this.#sentSeq,
      text: known ? texts.join('') : undefined,
    }
  }

  add(packet: Packet): void {
    this.#packets.push(packet)
    this.#sentSeq = packet.seq
    this.#characters += packet.frame.length
    while (this.#characters > keptCharacters && this.#packets.length > 1) this.#dropFirst()
  }

  /** Confirms all packets up to this `Seq`. */
  confirm(seq: number): void {
    if (seq <= this.#confirmedSeq) return
    this.#confirmedSeq = Math.min(seq, this.#sentSeq)
    while ((this.#packets[0]?.seq ?? Number.POSITIVE_INFINITY) <= seq) this.#dropFirst()
  }

  #dropFirst(): void {
    this.#characters -= this.#packets.shift()?.frame.length ?? 0
  }
}
