import jpeg from 'jpeg-js'
import { decodedBy, type Image, mostPixels, tooLarge } from './image'

/** Maximum memory of the decoder, in megabytes: enough for an image of {@link mostPixels} pixels. */
const mostMegabytes = 512

/** Recognises a JPEG by its first bytes. */
export function isJpeg(bytes: Buffer): boolean {
  return bytes[0] === 0xff && bytes[1] === 0xd8 && bytes[2] === 0xff
}

/**
 * Reads a JPEG, baseline or progressive.
 *
 * @throws Error when the image is damaged or has more than `allowed` pixels.
 */
export function readJpeg(bytes: Buffer, allowed = mostPixels): Image {
  const [width, height] = sizeOf(bytes)
  if (width * height > allowed) throw tooLarge(width, height, allowed)
  const image = decodedBy('JPEG', () =>
    jpeg.decode(bytes, {
      useTArray: true,
      formatAsRGBA: false,
      tolerantDecoding: false,
      maxResolutionInMP: allowed / 1_000_000,
      maxMemoryUsageInMB: mostMegabytes,
    }),
  )
  return { width: image.width, height: image.height, rgb: image.data }
}

/** Returns the size in the first frame header; 0x0 without one. */
function sizeOf(bytes: Buffer): readonly [width: number, height: number] {
  for (let at = 2; at + 9 <= bytes.length && bytes[at] === 0xff; ) {
    const marker = bytes[at + 1] ?? 0
    const isFrame = marker >= 0xc0 && marker <= 0xcf && ![0xc4, 0xc8, 0xcc].includes(marker)
    if (isFrame) return [bytes.readUInt16BE(at + 7), bytes.readUInt16BE(at + 5)]
    at += marker === 0xff ? 1 : 2 + bytes.readUInt16BE(at + 2)
  }
  return [0, 0]
}
