import { inflateSync } from 'node:zlib'
import { PNG } from 'pngjs'
import { decodedBy, type Image, mostPixels, tooLarge } from './image'

const signature = Buffer.from('89504e470d0a1a0a', 'hex')

/**
 * Reads a PNG of any kind as 8-bit colour with its transparency.
 *
 * @throws Error when the file is not a PNG, is damaged, or has more than `allowed` pixels.
 */
export function readPng(bytes: Buffer, allowed = mostPixels): Image {
  if (!bytes.subarray(0, 8).equals(signature)) throw new Error('it is neither a PNG nor a JPEG')
  refuseBomb(bytes, allowed)
  const { data, height, width } = decodedBy('PNG', () => PNG.sync.read(bytes))
  const rgb = new Uint8Array(width * height * 3)
  const alpha = new Uint8Array(width * height)
  for (let pixel = 0; pixel < alpha.length; pixel++) {
    rgb[pixel * 3] = data[pixel * 4] ?? 0
    rgb[pixel * 3 + 1] = data[pixel * 4 + 1] ?? 0
    rgb[pixel * 3 + 2] = data[pixel * 4 + 2] ?? 0
    alpha[pixel] = data[pixel * 4 + 3] ?? 255
  }
  return { width, height, rgb, ...(alpha.some((opacity) => opacity < 255) && { alpha }) }
}

/** Position of the interlace method in the file. */
const interlaceAt = 28

/** Refuses a file that takes much more memory than its bytes, before anything is decoded. */
function refuseBomb(bytes: Buffer, allowed: number): void {
  if (bytes.length <= interlaceAt) return
  const [width, height] = [bytes.readUInt32BE(16), bytes.readUInt32BE(20)]
  if (width * height > allowed) throw tooLarge(width, height, allowed)
  const { data, headers } = chunksOf(bytes)
  // The decoder takes the size of the last header.
  if (headers > 1) throw new Error('it is a PNG that cannot be read (it has more than one header)')
  if (bytes[interlaceAt] === 0) return
  // The decoder does not limit the data of an interlaced image: at most 8 bytes per pixel, and in each of
  // seven passes one byte per row.
  const maxOutputLength = width * height * 8 + 7 * height + 1_024
  decodedBy('PNG', () => inflateSync(data, { maxOutputLength }))
}

/** Returns the joined image data, and the number of headers. */
function chunksOf(bytes: Buffer): { readonly data: Buffer; readonly headers: number } {
  const data: Buffer[] = []
  let headers = 0
  for (let at = signature.length; at + 8 <= bytes.length; ) {
    const length = bytes.readUInt32BE(at)
    const type = bytes.toString('latin1', at + 4, at + 8)
    if (type === 'IHDR') headers += 1
    if (type === 'IDAT') data.push(bytes.subarray(at + 8, at + 8 + length))
    at += 12 + length
  }
  return { data: Buffer.concat(data), headers }
}
