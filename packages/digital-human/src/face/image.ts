import type { Rgb } from './colour'

/** An image of 8-bit red, green and blue. */
export interface Image {
  readonly width: number
  readonly height: number
  readonly rgb: Uint8Array
  /** Opacity of each pixel, 0 to 255; absent for opaque images. */
  readonly alpha?: Uint8Array
}

/** Maximum number of pixels of an image. A larger one takes seconds and hundreds of megabytes. */
export const mostPixels = 4096 * 4096

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
