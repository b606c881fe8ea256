import type { Rgb } from './colour'

/** An image of 8-bit red, green and blue. */
export interface Image {
  readonly width: number
  readonly height: number
  readonly rgb: Uint8Array
  /** Opacity of each pixel, 0 to 255; absent for opaque images. */
  readonly alpha?: Uint8Array
}

/** Maximum number of pixels of an image: 4K, eight times as wide as the picture of the human. */
export const mostPixels = 4096 * 2160

/** Maximum number of pixels of all images of one human together. */
export const mostPixelsTogether = 2 * mostPixels

/** Returns the error for an image with more than `allowed` pixels. */
export function tooLarge(width: number, height: number, allowed: number): Error {
  return new Error(
    `it is too large: ${width}x${height} are ${width * height} pixels, and ${Math.max(0, allowed)} are allowed (${mostPixels} per image, ${mostPixelsTogether} for all images)`,
  )
}

/**
 * Runs a decoder.
 *
 * @throws Error with the decoder's reason when the image is damaged.
 */
export function decodedBy<T>(format: 'JPEG' | 'PNG', decode: () => T): T {
  try {
    return decode()
  } catch (cause) {
    const why = cause instanceof Error ? cause.message : String(cause)
    throw new Error(`it is a ${format} that cannot be read (${why})`, { cause })
  }
}

/** A background in place of the room, or a layer: one colour or an image. */
export type Background = Rgb | Image
