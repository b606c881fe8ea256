import { PNG } from 'pngjs'
import { decodedBy, type Image, mostPixels } from './image'

const signature = Buffer.from('89504e470d0a1a0a', 'hex')

/**
 * Reads a PNG of any kind as 8-bit colour with its transparency.
 *
 * @throws Error when the file is not a PNG, is damaged, or has more than {@link mostPixels} pixels.
 */
export function readPng(bytes: Buffer): Image {
  if (!bytes.subarray(0, 8).equals(signature)) throw new Error('it is neither a PNG nor a JPEG')
  if (bytes.length >= 24 && bytes.readUInt32BE(16) * bytes.readUInt32BE(20) > mostPixels) {
    throw new Error('it is too large')
  }
  const { data, height, width } = decodedBy('PNG', () => PNG.sync.read(bytes))
  const rgb = new Uint8Array(width * height * 3)
  const alpha = new Uint8Array(width * height)
  for (let pixel = 0; pixel < alpha.length; pixel++) {
    rgb.set(data.subarray(pixel * 4, pixel * 4 + 3), pixel * 3)
    alpha[pixel] = data[pixel * 4 + 3] ?? 255
  }
  return { width, height, rgb, ...(alpha.some((opacity) => opacity < 255) && { alpha }) }
}
