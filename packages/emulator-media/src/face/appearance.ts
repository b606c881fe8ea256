import type { FrameSize, PictureLayer } from './layer'

/** Where the presenter stands. */
export interface Anchor {
  /** Across, in widths of the picture; 0 is the middle. Default 0. */
  readonly x?: number | undefined
  /** Up (negative) and down, in heights of the picture. Default 0. */
  readonly y?: number | undefined
  /** Around the middle of the lower edge. Default 1. */
  readonly scale?: number | undefined
}

/** How a human appears; the same one always gives the same pictures. */
export interface Appearance {
  /** Any text: decides the face, the hair, the clothes and the room. */
  readonly avatar: string
  /** 640x360 or 360x640. */
  readonly orientation: 'landscape' | 'portrait'
  /** `#rrggbb`, or the address of a PNG or JPEG image; undefined is the avatar's own room. */
  readonly background: string | undefined
  /** Shown at the lower left; empty shows none. */
  readonly name: string
  /** Images at places of their own, in the order in which they are painted. */
  readonly layers?: readonly PictureLayer[] | undefined
  /** The pixels in which `layers` are placed. Default 1920x1080, or 1080x1920. */
  readonly frame?: FrameSize | undefined
  readonly anchor?: Anchor | undefined
  /** Whether the picture has its transparency beside it, and a gap between the two (1240/112140). */
  readonly alpha: 'none' | 'padded' | 'unpadded'
}

/** Where the picture and its transparency lie in a frame. */
export interface FrameLayout {
  /** Of the whole frame. */
  readonly width: number
  readonly height: number
  /** Of the picture in it. */
  readonly pictureWidth: number
  /** Where the transparency begins; undefined without. */
  readonly alphaX: number | undefined
}

/** Layers are placed in such a frame when nobody says in which. */
export const FRAMES = {
  landscape: { width: 1920, height: 1080 },
  portrait: { width: 1080, height: 1920 },
} as const

/** At 960x540 a bank takes three times as long to build. */
const SIZES = { landscape: [640, 360], portrait: [360, 640] } as const

/**
 * With transparency a frame is iW + pW + iW wide, and pW fills iW up to a multiple of 16
 * (1240/112140). `AlphaPadDisable`, which is not documented, leaves pW out.
 */
export function frameLayout({ alpha, orientation }: Appearance): FrameLayout {
  const [pictureWidth, height] = SIZES[orientation]
  if (alpha === 'none') return { width: pictureWidth, height, pictureWidth, alphaX: undefined }
  const alphaX = pictureWidth + (alpha === 'padded' ? (16 - (pictureWidth % 16)) % 16 : 0)
  return { width: alphaX + pictureWidth, height, pictureWidth, alphaX }
}
