import type { Anchor, Appearance } from '../face/appearance'
import type { FrameSize, PictureLayer } from '../face/layer'
import { nameOf } from '../face/name-plate'

/** Options for the picture of a human. */
export interface PictureOptions {
  /** `landscape` is 640x360, `portrait` 360x640. Default `landscape`. */
  readonly orientation?: 'landscape' | 'portrait' | undefined
  /**
   * `#rrggbb`, or the address of a PNG or JPEG (`http:`, `https:`, `data:`). Default: a room, which also
   * replaces a background that cannot be shown.
   */
  readonly background?: string | undefined
  /**
   * `AlphaChannelEnable`: shows the presenter alone, with the opacity of each pixel as grey to its right.
   * `unpadded` leaves out the gap up to a multiple of 16 pixels (1240/112140). Default `none`.
   */
  readonly alpha?: 'none' | 'padded' | 'unpadded' | undefined
  /** Name at the lower left, in Latin letters; empty for none. Default: the avatar's key. */
  readonly name?: string | undefined
  /** Images and colours at positions of their own, in painting order. Default: none. */
  readonly layers?: readonly PictureLayer[] | undefined
  /** The coordinate space of `layers`, in pixels. Default 1920x1080, or 1080x1920 in portrait. */
  readonly frame?: FrameSize | undefined
  /** Position and scale of the presenter. Default: in the middle. */
  readonly anchor?: Anchor | undefined
}

/** Combines an avatar and its options, with the defaults filled in. */
export function appearanceOf(avatar: string, picture: PictureOptions): Appearance {
  const { alpha = 'none', anchor, background, frame, layers } = picture
  const { name = nameOf(avatar), orientation = 'landscape' } = picture
  return { avatar, alpha, anchor, background, frame, layers, name, orientation }
}
