import { inflateSync } from 'node:zlib'
import { type Image, MOST_PIXELS } from './image'

const SIGNATURE = Buffer.from('89504e470d0a1a0a', 'hex')
/** Samples of a pixel by colour type. */
const CHANNELS: Readonly<Record<number, number>> = { 0: 1, 2: 3, 3: 1, 4: 2, 6: 4 }

/**
 * Reads a PNG of 8 bits a sample without interlacing, which is what nearly all are. Of its
 * transparency, what stands in the pixels or the palette is read; a single transparent colour is not.
 *
 * @throws Error when it is another kind of file or of PNG.
 */
export function readPng(bytes: Buffer): Image {
  if (!bytes.subarray(0, 8).equals(SIGNATURE)) throw new Error('it is neither a PNG nor a JPEG')
  const [width, height] = [bytes.readUInt32BE(16), bytes.readUInt32BE(20)]
  const [depth, type, , , interlaced] = bytes.subarray(24, 29)
  const channels = CHANNELS[type ?? -1]
  if (depth !== 8 || channels === undefined || interlaced !== 0) {
    throw new Error('it is a PNG of more or less than 8 bits a sample, or an interlaced one')
  }
  if (width * height === 0 || width * height > MOST_PIXELS) throw new Error('it is too large')
  const data: Buffer[] = []
  let palette: Buffer = Buffer.alloc(0)
  let opacities: Buffer | undefined
  for (let at = 8; at + 12 <= bytes.length; ) {
    const length = bytes.readUInt32BE(at)
    const name = bytes.toString('latin1', at + 4, at + 8)
    const chunk = bytes.subarray(at + 8, at + 8 + length)
    if (name === 'IDAT') data.push(chunk)
    if (name === 'PLTE') palette = chunk
    if (name === 'tRNS' && type === 3) opacities = chunk
    at += 12 + length
  }
  const stride = width * channels
  const raw = inflateSync(Buffer.concat(data), { maxOutputLength: (stride + 1) * height })
  const samples = unfilter(raw, { stride, height, channels })
  const rgb = new Uint8Array(width * height * 3)
  const transparent = channels === 2 || channels === 4 || opacities !== undefined
  const alpha = transparent ? new Uint8Array(width * height) : undefined
  for (let pixel = 0; pixel < width * height; pixel++) {
    const at = pixel * channels
    for (let colour = 0; colour < 3; colour++) {
      const value = samples[at + (channels > 2 ? colour : 0)] ?? 0
      rgb[pixel * 3 + colour] = type === 3 ? (palette[value * 3 + colour] ?? 0) : value
    }
    if (alpha) {
      const last = samples[at + channels - 1] ?? 0
      alpha[pixel] = type === 3 ? (opacities?.[last] ?? 255) : last
    }
  }
  return { width, height, rgb, ...(alpha && { alpha }) }
}

/** Each row says how it was predicted from its neighbours (PNG, 9.2). */
function unfilter(
  raw: Buffer,
  { channels, height, stride }: { stride: number; height: number; channels: number },
): Uint8Array {
  const samples = new Uint8Array(stride * height)
  for (let row = 0; row < height; row++) {
    const filter = raw[row * (stride + 1)] ?? 0
    const begin = row * stride
    for (let column = 0; column < stride; column++) {
      const left = column >= channels ? (samples[begin + column - channels] ?? 0) : 0
      const up = row > 0 ? (samples[begin + column - stride] ?? 0) : 0
      const corner =
        column >= channels && row > 0 ? (samples[begin + column - stride - channels] ?? 0) : 0
      const value = raw[row * (stride + 1) + 1 + column] ?? 0
      samples[begin + column] = value + predicted(filter, left, up, corner)
    }
  }
  return samples
}

function predicted(filter: number, left: number, up: number, corner: number): number {
  switch (filter) {
    case 0:
      return 0
    case 1:
      return left
    case 2:
      return up
    case 3:
      return (left + up) >> 1
    case 4: {
      const guess = left + up - corner
      const [a, b, c] = [Math.abs(guess - left), Math.abs(guess - up), Math.abs(guess - corner)]
      return a <= b && a <= c ? left : b <= c ? up : corner
    }
    default:
      throw new Error(`it has a row with the unknown filter ${filter}`)
  }
}
