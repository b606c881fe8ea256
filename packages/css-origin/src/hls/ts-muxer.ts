import { crc32Mpeg } from './crc32-mpeg'

// mediabunny's `MpegTsOutputFormat` does not fit: it takes no decoding times, which breaks B-frames; its
// counters restart with every segment; and it waits for both tracks without a limit, so a publisher
// whose sound stops would fill the memory.

const packetBytes = 188
const headerBytes = 4
const Pid = { pat: 0, pmt: 0x1000, video: 0x100, audio: 0x101 } as const
const StreamId = { video: 0xe0, audio: 0xc0 } as const
const StreamType = { avc: 0x1b, aac: 0x0f } as const

/** Time 0 of the stream in ticks of 90 kHz; the clock reference starts before it. */
const start = 126_000
/** Distance between the clock reference and the decoding time, in ticks of 90 kHz: the decoder's buffer. */
const clockAhead = 9_000

export interface TsTracks {
  readonly video: boolean
  readonly audio: boolean
}

export interface TsPicture {
  /** Decoding time in milliseconds. */
  readonly decodeAt: number
  readonly presentAt: number
  readonly keyFrame: boolean
  /** NAL units without start codes or lengths. */
  readonly units: readonly Buffer[]
}

/** Writes the MPEG transport stream packets (ISO 13818-1) of one programme. */
export class TsMuxer {
  readonly #counters = new Map<number, number>()

  /** Returns the tables with the tracks, which start every segment. */
  tables(tracks: TsTracks): Buffer {
    return Buffer.concat([this.#table(Pid.pat, pat), this.#table(Pid.pmt, pmt(tracks))])
  }

  picture({ decodeAt, keyFrame, presentAt, units }: TsPicture): Buffer {
    const dts = ticks(decodeAt)
    const body = Buffer.concat([delimiter, ...units.flatMap((unit) => [startCode, unit])])
    // Use length 0 (unbounded), because a picture may exceed 64 KiB.
    const header = pesHeader({ streamId: StreamId.video, pts: ticks(presentAt), dts, length: 0 })
    const clock = dts - clockAhead
    return this.#packets(Pid.video, Buffer.concat([header, body]), { clock, keyFrame })
  }

  /** `presentAt` is in milliseconds; `carriesClock` is true for streams without pictures. */
  sound(frame: Buffer, presentAt: number, carriesClock: boolean): Buffer {
    const pts = ticks(presentAt)
    const header = pesHeader({ streamId: StreamId.audio, pts, length: frame.length })
    const clock = carriesClock ? pts - clockAhead : undefined
    return this.#packets(Pid.audio, Buffer.concat([header, frame]), { clock, keyFrame: false })
  }

  #table(pid: number, section: Buffer): Buffer {
    const packet = Buffer.alloc(packetBytes, 0xff)
    this.#writeHeader(packet, 0, pid, { first: true, adapted: false })
    packet[headerBytes] = 0 // The section starts at once.
    section.copy(packet, headerBytes + 1)
    return packet
  }

  #packets(pid: number, pes: Buffer, marks: AdaptationMarks): Buffer {
    const first = adaptation(marks)
    const room = packetBytes - headerBytes
    const count = Math.max(1, Math.ceil((pes.length + first.length) / room))
    const output = Buffer.alloc(count * packetBytes)
    let taken = 0
    for (let index = 0; index < count; index++) {
      const at = index * packetBytes
      const field = index === 0 ? first : nothing
      const size = Math.min(room - field.length, pes.length - taken)
      const padded = stuffed(field, room - size)
      this.#writeHeader(output, at, pid, { first: index === 0, adapted: padded.length > 0 })
      padded.copy(output, at + headerBytes)
      pes.copy(output, at + headerBytes + padded.length, taken, taken + size)
      taken += size
    }
    return output
  }

  #writeHeader(
    packet: Buffer,
    at: number,
    pid: number,
    { adapted, first }: { readonly first: boolean; readonly adapted: boolean },
  ): void {
    const counter = this.#counters.get(pid) ?? 0
    this.#counters.set(pid, (counter + 1) & 0x0f)
    packet[at] = 0x47
    packet.writeUInt16BE((first ? 0x4000 : 0) | pid, at + 1)
    packet[at + 3] = (adapted ? 0x30 : 0x10) | counter
  }
}

const nothing = Buffer.alloc(0)
const startCode = Buffer.of(0, 0, 0, 1)
const delimiter = Buffer.of(0, 0, 0, 1, 9, 0xf0)

function ticks(milliseconds: number): number {
  return start + Math.round(milliseconds * 90)
}

interface AdaptationMarks {
  readonly clock: number | undefined
  readonly keyFrame: boolean
}

/** Returns an adaptation field with its length byte; empty without a clock. */
function adaptation({ clock, keyFrame }: AdaptationMarks): Buffer {
  if (clock === undefined) return nothing
  const field = Buffer.alloc(8)
  field[0] = 7
  field[1] = 0x10 | (keyFrame ? 0x40 : 0)
  // The clock has 33 bits of base, six reserved bits, and an extension of 0.
  const base = clock % 2 ** 33
  field.writeUInt32BE(Math.floor(base / 2) >>> 0, 2)
  field.writeUInt16BE(((base % 2) << 15) | 0x7e00, 6)
  return field
}

/** Pads the field to exactly `length` bytes. */
function stuffed(field: Buffer, length: number): Buffer {
  if (length === field.length) return field
  const padded = Buffer.alloc(length, 0xff)
  field.copy(padded)
  padded[0] = length - 1
  if (field.length === 0 && length > 1) padded[1] = 0
  return padded
}

interface PesFields {
  readonly streamId: number
  readonly pts: number
  readonly dts?: number
  readonly length: number
}

function pesHeader({ dts, length, pts, streamId }: PesFields): Buffer {
  const both = dts !== undefined && dts !== pts
  const times = both ? [timestamp(3, pts), timestamp(1, dts)] : [timestamp(2, pts)]
  const timeBytes = times.length * 5
  const size = length === 0 ? 0 : length + 3 + timeBytes
  const header = Buffer.of(
    ...[0, 0, 1, streamId, size >> 8, size & 0xff],
    ...[0x80, both ? 0xc0 : 0x80, timeBytes],
  )
  return Buffer.concat([header, ...times])
}

/** Encodes 33 bits of time in five bytes with marker bits. */
function timestamp(prefix: number, value: number): Buffer {
  const time = value % 2 ** 33
  const high = Math.floor(time / 2 ** 30)
  const middle = Math.floor(time / 2 ** 15) & 0x7fff
  const low = time & 0x7fff
  return Buffer.of(
    (prefix << 4) | (high << 1) | 1,
    middle >> 7,
    ((middle << 1) & 0xff) | 1,
    low >> 7,
    ((low << 1) & 0xff) | 1,
  )
}

function section(tableId: number, id: number, body: Buffer): Buffer {
  const length = 5 + body.length + 4
  const bytes = Buffer.concat([
    Buffer.of(tableId, 0xb0 | (length >> 8), length & 0xff, id >> 8, id & 0xff, 0xc1, 0, 0),
    body,
  ])
  const checksum = Buffer.alloc(4)
  checksum.writeUInt32BE(crc32Mpeg(bytes))
  return Buffer.concat([bytes, checksum])
}

const programme = 1
const pat = section(0, 1, Buffer.of(0, programme, 0xe0 | (Pid.pmt >> 8), Pid.pmt & 0xff))

function pmt({ audio, video }: TsTracks): Buffer {
  const clockPid = video ? Pid.video : Pid.audio
  const track = (type: number, pid: number): number[] => [
    type,
    0xe0 | (pid >> 8),
    pid & 0xff,
    0xf0,
    0,
  ]
  return section(
    2,
    programme,
    Buffer.of(
      ...[0xe0 | (clockPid >> 8), clockPid & 0xff, 0xf0, 0],
      ...(video ? track(StreamType.avc, Pid.video) : []),
      ...(audio ? track(StreamType.aac, Pid.audio) : []),
    ),
  )
}
