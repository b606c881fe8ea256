import type { MediaLayer, MediaPicture } from '../media-plane'

/** A `VideoLayer`. The vendor does not publish its members. */
export interface Layer {
  readonly Url: string
  readonly X?: number | undefined
  readonly Y?: number | undefined
  readonly Width?: number | undefined
  readonly Height?: number | undefined
}

/** `AnchorParam`, with the members of the live-room API (1240/112140). */
export interface AnchorParam {
  readonly SilenceActionDisabled?: boolean | undefined
  readonly HorizontalPosition?: number | undefined
  readonly VerticalPosition?: number | undefined
  readonly Scale?: number | undefined
}

interface Appearance {
  readonly Backgrounds?: readonly Layer[] | undefined
  readonly Foregrounds?: readonly Layer[] | undefined
  readonly AnchorParam?: AnchorParam | undefined
  readonly ExtraInfo?:
    | {
        readonly AlphaChannelEnable?: boolean | undefined
        readonly AlphaPadDisable?: boolean | undefined
      }
    | undefined
}

/** Maximum length of a field name in a message, in characters. */
const longestName = 60

/** Reads the picture settings of a create request. */
export function pictureOf(appearance: Appearance): MediaPicture {
  const { AnchorParam = {}, Backgrounds = [], ExtraInfo = {}, Foregrounds = [] } = appearance
  const { AlphaChannelEnable = false, AlphaPadDisable = false } = ExtraInfo
  const frame = frameOf(appearance)
  const [first] = Backgrounds
  const fills = first !== undefined && fillsFrame(first, frame)
  return {
    orientation: frame.height > frame.width ? 'portrait' : 'landscape',
    background: fills ? first.Url : undefined,
    layers: [
      ...Backgrounds.slice(fills ? 1 : 0).map((layer) => layerOf(layer, true)),
      ...Foregrounds.map((layer) => layerOf(layer, false)),
    ],
    frame,
    anchor: {
      x: AnchorParam.HorizontalPosition ?? 0,
      y: AnchorParam.VerticalPosition ?? 0,
      scale: AnchorParam.Scale ?? 1,
    },
    alpha: !AlphaChannelEnable ? 'none' : AlphaPadDisable ? 'unpadded' : 'padded',
  }
}

/** Applies `SpaceParam` of updatesessionconfig to a picture. */
export function movedPicture(
  picture: MediaPicture,
  space: {
    readonly BackgroundUrl?: string | undefined
    readonly ImagePosition: number
    readonly ImagePositionVertical: number
    readonly ImageZoom: number
  },
): MediaPicture {
  const { BackgroundUrl, ImagePosition: x, ImagePositionVertical: y, ImageZoom: scale } = space
  const anchor = { x, y, scale }
  if (BackgroundUrl === undefined) return { ...picture, anchor }
  const layers = picture.layers.filter(({ behind }) => !behind)
  return { ...picture, background: BackgroundUrl, layers, anchor }
}

/** Returns the paths of accepted members that have no effect on the picture. */
export function undrawnOf(appearance: Appearance): string[] {
  const { AnchorParam = {}, Backgrounds = [], ExtraInfo = {}, Foregrounds = [] } = appearance
  const frame = frameOf(appearance)
  const others = (path: string, value: object, drawn: readonly string[]) =>
    Object.keys(value)
      .filter((key) => !drawn.includes(key))
      .map((key) => `${path}.${key.slice(0, longestName)}`)
  const undrawnLayers = (name: string, layers: readonly Layer[]) =>
    layers.flatMap((layer, index) => [
      ...(isOutside(layer, frame)
        ? [`${name}.${index} (outside of the picture of ${frame.width}x${frame.height})`]
        : []),
      ...others(`${name}.${index}`, layer, ['Url', 'X', 'Y', 'Width', 'Height']),
    ])
  return [
    ...(ExtraInfo.AlphaChannelEnable && Backgrounds.length > 0
      ? ['Backgrounds (with AlphaChannelEnable the human stands alone)']
      : undrawnLayers('Backgrounds', Backgrounds)),
    ...undrawnLayers('Foregrounds', Foregrounds),
    ...others('AnchorParam', AnchorParam, ['HorizontalPosition', 'VerticalPosition', 'Scale']),
    ...others('ExtraInfo', ExtraInfo, ['AlphaChannelEnable', 'AlphaPadDisable']),
  ]
}

const landscape = { width: 1920, height: 1080 }
const portrait = { width: 1080, height: 1920 }

/**
 * Guesses the size of the picture, which no field contains. A first background in the upper left corner
 * that contains the start of every layer gives the size; otherwise it is 1080p, upright when the layers
 * need it.
 */
function frameOf({ Backgrounds = [], Foregrounds = [] }: Appearance): MediaPicture['frame'] {
  const layers = [...Backgrounds, ...Foregrounds]
  const { Height, Width, X = 0, Y = 0 } = Backgrounds[0] ?? {}
  if (Width && Height && X === 0 && Y === 0) {
    const holdsAll = layers.every((layer) => (layer.X ?? 0) < Width && (layer.Y ?? 0) < Height)
    if (holdsAll) return { width: Width, height: Height }
  }
  const right = Math.max(0, ...layers.map((layer) => (layer.X ?? 0) + (layer.Width ?? 0)))
  const bottom = Math.max(0, ...layers.map((layer) => (layer.Y ?? 0) + (layer.Height ?? 0)))
  return bottom > landscape.height && right <= portrait.width ? portrait : landscape
}

function fillsFrame({ Height, Width, X = 0, Y = 0 }: Layer, frame: MediaPicture['frame']): boolean {
  const { height, width } = frame
  return X <= 0 && Y <= 0 && X + (Width ?? width) >= width && Y + (Height ?? height) >= height
}

function isOutside(layer: Layer, frame: MediaPicture['frame']): boolean {
  const { Height = 1, Width = 1, X = 0, Y = 0 } = layer
  const right = layer.Width === undefined && X < 0 ? 1 : X + Width
  const bottom = layer.Height === undefined && Y < 0 ? 1 : Y + Height
  return X >= frame.width || Y >= frame.height || right <= 0 || bottom <= 0
}

function layerOf({ Height, Url, Width, X = 0, Y = 0 }: Layer, behind: boolean): MediaLayer {
  return { url: Url, x: X, y: Y, width: Width, height: Height, behind }
}
