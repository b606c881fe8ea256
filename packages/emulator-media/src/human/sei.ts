import { fromRbsp } from '../bank/bit-stream'

/** What a picture's SEI tells (1240/110197). */
export interface SeiNote {
  /** `VideoSeiInfo` of the drive command that is being performed; empty when there is none. */
  readonly seiData: string
  /** AudioStart, AudioOver, SentenceStart, SentenceOver, TextStart or TextOver; empty when nothing has just begun or ended. */
  readonly status: string
}

/** The document says that the JSON stands behind a UUID of 16 bytes and not which; this one is ours. */
const UUID = Buffer.from('3d1f6a5e7c0b4f2e9a6d697668736569', 'hex')

const NAL_SEI = 6
const USER_DATA_UNREGISTERED = 5
const LENGTH_BYTES = 4

/** A SEI NAL unit behind a 4-byte length, to be put in front of a picture's slices. */
export function seiUnit({ seiData, status }: SeiNote): Buffer {
  const json = { sei_data: seiData, status_data: status === '' ? '' : { STATUS: status } }
  const payload = Buffer.concat([UUID, Buffer.from(JSON.stringify(json), 'utf8')])
  const sizes: number[] = []
  for (let size = payload.length; ; size -= 255) {
    if (size < 255) {
      sizes.push(size)
      break
    }
    sizes.push(255)
  }
  const message = [Buffer.of(USER_DATA_UNREGISTERED, ...sizes), payload, Buffer.of(0x80)]
  const unit = fromRbsp(Buffer.concat([Buffer.of(NAL_SEI), ...message]))
  const length = Buffer.alloc(LENGTH_BYTES)
  length.writeUInt32BE(unit.length)
  return Buffer.concat([length, unit])
}

/** What the next pictures of one human tell: a note each, in order, and then the data of the last. */
export class SeiTrack {
  #seiData = ''
  readonly #notes: SeiNote[] = []

  note(note: SeiNote): void {
    // The first TextStart hides its SentenceStart (1240/110197).
    const last = this.#notes.at(-1)
    const hidden = note.status === 'SentenceStart' && last?.status === 'TextStart'
    if (!hidden || note.seiData !== last.seiData) this.#notes.push(note)
  }

  /** For the next picture; undefined when there is nothing to tell. */
  get next(): SeiNote | undefined {
    const [note = { seiData: this.#seiData, status: '' }] = this.#notes
    return note.status === '' && note.seiData === '' ? undefined : note
  }

  /** The next picture has been sent: what it told is not told again, except for the data. */
  told(): void {
    this.#seiData = this.#notes.shift()?.seiData ?? this.#seiData
  }
}
