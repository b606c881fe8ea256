import { hex } from '../face/colour'
import { type Background, mostPixels } from '../face/image'
import { isJpeg, readJpeg } from '../face/jpeg'
import { readPng } from '../face/png'
import type { FetchedImages } from './fetched-images'

/**
 * Reads a background: `#rrggbb`, or the PNG or JPEG that was fetched for its address.
 *
 * @throws Error with the reason why the background cannot be shown, for example more than `allowed` pixels.
 */
export function readBackground(
  address: string,
  images: FetchedImages,
  allowed = mostPixels,
): Background {
  if (/^#[0-9a-f]{6}$/i.test(address)) return hex(`#${address.slice(1)}`)
  const image = images.get(address)
  if (image === undefined) {
    throw new Error('it is neither a colour such as #1a2b3c nor an address of an image')
  }
  if (typeof image === 'string') throw new Error(image)
  const bytes = Buffer.from(image.buffer, image.byteOffset, image.byteLength)
  return isJpeg(bytes) ? readJpeg(bytes, allowed) : readPng(bytes, allowed)
}
