import type { FrameSize, PictureLayer } from './layer'

/** Position and scale of the presenter. */
export interface Anchor {
  /** Shift to the right, in widths of the picture; 0 is the middle. Default 0. */
  readonly x?: number | undefined
  /** Shift down, in heights of the picture; negative is up. Default 0. */
  readonly y?: number | undefined
  /** Scale around the middle of the lower edge. Default 1. */
  readonly scale?: number | undefined
}

/** The complete look of a human; the same appearance always gives the same pictures. */
export interface Appearance {
  /** Any text. It decides the face, the hair, the clothes and the room. */
  readonly avatar: string
  /** 640x360 or 360x640. */
  readonly orientation: 'landscape' | 'portrait'
  /** `#rrggbb`, or the address of a PNG or JPEG; undefined for the avatar's room. */
  readonly background: string | undefined
  /** Name at the lower left; empty for none. */
  readonly name: string
  /** Images and colours at positions of their own, in painting order. */
  readonly layers?: readonly PictureLayer[] | undefined
  /** The coordinate space of `layers`, in pixels. Default 1920x1080, or 1080x1920 in portrait. */
  readonly frame?: FrameSize | undefined
  readonly anchor?: Anchor | undefined
  /** Whether the opacity lies beside the picture, and with a gap or without (1240/112140). */
  readonly alpha: 'none' | 'padded' | 'unpadded'
}

/** Positions of the picture and its opacity in a frame, in pixels. */
export interface FrameLayout {
  /** Width of the whole frame. */
  readonly width: number
  readonly height: number
  /** Width of the picture. */
  readonly pictureWidth: number
  /** Left edge of the opacity; undefined without transparency. */
  readonly alphaX: number | undefined
}

/** Default coordinate spaces of layers. */
export const frames = {
  landscape: { width: 1920, height: 1080 },
  portrait: { width: 1080, height: 1920 },
} as const

/**
 * Sizes of the picture in pixels. They are small, because at 960x540 a bank takes three times as long to
 * build.
 */
const sizes = { landscape: [640, 360], portrait: [360, 640] } as const

/**
 * Returns the layout of a frame. With transparency its width is iW + pW + iW; the gap pW fills iW up to a
 * multiple of 16 (1240/112140). The undocumented `AlphaPadDisable` leaves the gap out.
 */
export function frameLayout({ alpha, orientation }: Appearance): FrameLayout {
  const [pictureWidth, height] = sizes[orientation]
  if (alpha === 'none') return { width: pictureWidth, height, pictureWidth, alphaX: undefined }
  const alphaX = pictureWidth + (alpha === 'padded' ? (16 - (pictureWidth % 16)) % 16 : 0)
  return { width: alphaX + pictureWidth, height, pictureWidth, alphaX }
}
