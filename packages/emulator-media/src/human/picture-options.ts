import type { Anchor, Appearance } from '../face/appearance'
import type { FrameSize, PictureLayer } from '../face/layer'
import { nameOf } from '../face/name-plate'

/** What the picture of a human looks like. */
export interface PictureOptions {
  /** `landscape` is 640x360, `portrait` 360x640. Default `landscape`. */
  readonly orientation?: 'landscape' | 'portrait' | undefined
  /**
   * `#rrggbb`, or the address of a PNG or JPEG (`http:`, `https:`, `data:`). Default: a room. One that cannot
   * be shown is logged, and the room is.
   */
  readonly background?: string | undefined
  /**
   * `AlphaChannelEnable`: the presenter alone, and how opaque each pixel is as grey to the right of it;
   * `unpadded` leaves out the gap up to a multiple of 16 pixels (1240/112140). Default `none`.
   */
  readonly alpha?: 'none' | 'padded' | 'unpadded' | undefined
  /** Shown at the lower left, in Latin letters; empty shows none. Default: the avatar's key. */
  readonly name?: string | undefined
  /** Images at places of their own, painted in this order. One that cannot be shown is logged. Default: none. */
  readonly layers?: readonly PictureLayer[] | undefined
  /** The pixels in which `layers` are placed. Default 1920x1080, or 1080x1920 in portrait. */
  readonly frame?: FrameSize | undefined
  /** Where the presenter stands, and how large. Default: in the middle. */
  readonly anchor?: Anchor | undefined
}

export function appearanceOf(avatar: string, picture: PictureOptions): Appearance {
  const { alpha = 'none', anchor, background, frame, layers } = picture
  const { name = nameOf(avatar), orientation = 'landscape' } = picture
  return { avatar, alpha, anchor, background, frame, layers, name, orientation }
}
