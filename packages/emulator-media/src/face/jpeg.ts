import jpeg from 'jpeg-js'
import { type Image, MOST_PIXELS } from './image'

/** What the decoder may use: a picture with the most pixels needs about so much. */
const MOST_MEGABYTES = 512

export function isJpeg(bytes: Buffer): boolean {
  return bytes[0] === 0xff && bytes[1] === 0xd8 && bytes[2] === 0xff
}

/**
 * Reads a JPEG, baseline or progressive.
 *
 * @throws Error when it is damaged or too large.
 */
export function readJpeg(bytes: Buffer): Image {
  const { data, height, width } = decoded(bytes)
  return { width, height, rgb: data }
}

function decoded(bytes: Buffer) {
  try {
    return jpeg.decode(bytes, {
      useTArray: true,
      formatAsRGBA: false,
      tolerantDecoding: false,
      maxResolutionInMP: MOST_PIXELS / 1_000_000,
      maxMemoryUsageInMB: MOST_MEGABYTES,
    })
  } catch (cause) {
    const why = cause instanceof Error ? cause.message : String(cause)
    throw new Error(`it is a JPEG that cannot be read (${why})`, { cause })
  }
}
