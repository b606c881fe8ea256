import jpeg from 'jpeg-js'
import { decodedBy, type Image, mostPixels } from './image'

/** Maximum memory of the decoder, in megabytes: enough for an image of {@link mostPixels}. */
const mostMegabytes = 512

/** Recognises a JPEG by its first bytes. */
export function isJpeg(bytes: Buffer): boolean {
  return bytes[0] === 0xff && bytes[1] === 0xd8 && bytes[2] === 0xff
}

/**
 * Reads a JPEG, baseline or progressive.
 *
 * @throws Error when the image is damaged or too large.
 */
export function readJpeg(bytes: Buffer): Image {
  const { data, height, width } = decodedBy('JPEG', () =>
    jpeg.decode(bytes, {
      useTArray: true,
      formatAsRGBA: false,
      tolerantDecoding: false,
      maxResolutionInMP: mostPixels / 1_000_000,
      maxMemoryUsageInMB: mostMegabytes,
    }),
  )
  return { width, height, rgb: data }
}
