/** A note for the SEI of a picture (1240/110197). */
export interface SeiNote {
  /** `VideoSeiInfo` of the current command; empty when it has none. */
  readonly seiData: string
  /** AudioStart, AudioOver, SentenceStart, SentenceOver, TextStart or TextOver; empty without an event. */
  readonly status: string
}

/** UUID before the JSON. The document asks for a UUID of 16 bytes and does not name one; this one is ours. */
const uuid = Buffer.from('3d1f6a5e7c0b4f2e9a6d697668736569', 'hex')

const nalSei = 6
const userDataUnregistered = 5
const lengthBytes = 4

/** Returns a SEI NAL unit after a 4-byte length. It goes before the slices of a picture. */
export function seiUnit({ seiData, status }: SeiNote): Buffer {
  const json = { sei_data: seiData, status_data: status === '' ? '' : { STATUS: status } }
  const payload = Buffer.concat([uuid, Buffer.from(JSON.stringify(json), 'utf8')])
  const size = Buffer.alloc(Math.floor(payload.length / 255) + 1, 0xff)
  size[size.length - 1] = payload.length % 255
  const header = Buffer.of(nalSei, userDataUnregistered)
  const unit = fromRbsp(Buffer.concat([header, size, payload, Buffer.of(0x80)]))
  const length = Buffer.alloc(lengthBytes)
  length.writeUInt32BE(unit.length)
  return Buffer.concat([length, unit])
}

/** Notes for the next pictures of one human: one per picture, in order; then the data of the last note. */
export class SeiTrack {
  #seiData = ''
  readonly #notes: SeiNote[] = []

  add(note: SeiNote): void {
    // A TextStart replaces the SentenceStart that comes with it (1240/110197).
    const last = this.#notes.at(-1)
    const hidden = note.status === 'SentenceStart' && last?.status === 'TextStart'
    if (!hidden || note.seiData !== last.seiData) this.#notes.push(note)
  }

  /** The note for the next picture; undefined when it has none. */
  get next(): SeiNote | undefined {
    const [note = { seiData: this.#seiData, status: '' }] = this.#notes
    return note.status === '' && note.seiData === '' ? undefined : note
  }

  /** Marks the next note as sent. Its data stays for the pictures after it. */
  sent(): void {
    this.#seiData = this.#notes.shift()?.seiData ?? this.#seiData
  }
}

/** Adds the emulation prevention bytes to an H.264 RBSP, so that no start code appears inside (7.4.1). */
export function fromRbsp(rbsp: Uint8Array): Uint8Array {
  const out: number[] = []
  let zeros = 0
  for (const byte of rbsp) {
    if (zeros >= 2 && byte <= 3) {
      out.push(3)
      zeros = 0
    }
    out.push(byte)
    zeros = byte === 0 ? zeros + 1 : 0
  }
  return Uint8Array.from(out)
}
