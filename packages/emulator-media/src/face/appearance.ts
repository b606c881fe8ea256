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
