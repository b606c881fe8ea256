/** A picture of 8-bit red, green and blue. */
export interface Image {
  readonly width: number
  readonly height: number
  readonly rgb: Uint8Array
  /** How opaque each pixel is, 0 to 255; absent when all are. */
  readonly alpha?: Uint8Array
}

/** More is not read: it would take seconds and hundreds of megabytes. */
export const MOST_PIXELS = 4096 * 4096
