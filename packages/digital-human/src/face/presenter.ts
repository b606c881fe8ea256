import { AlphaSheet } from './alpha-sheet'
import { type Appearance, type FrameLayout, frameLayout, frames } from './appearance'
import { paintBackdrop } from './backdrop'
import type { Bounds } from './bounds'
import { Brush, Canvas } from './canvas'
import { type Expression, type Pose, poseAt } from './expression'
import { eyeBounds, paintEyes } from './eyes'
import { paintHairBehind, paintHairInFront } from './hair'
import { paintHead } from './head'
import type { Background } from './image'
import { coverLayer, type LoadedLayer, Overlay } from './layer'
import { type Look, lookOf } from './look'
import { mouthBounds, paintMouth } from './mouth'
import { paintNamePlate } from './name-plate'
import { paintTorso } from './torso'
import { writeYuv, yuvBytes } from './yuv'

/** Position of the middle of the head, in pixels, and its scale. */
const stages = {
  landscape: { scale: 1.14, x: 320, y: 163 },
  portrait: { scale: 1.28, x: 180, y: 252 },
} as const
const torsoOriginAboveHead = 152

/** Returns the position and scale of the head with the anchor applied. */
function stageOf({ anchor = {}, orientation }: Appearance, { height, pictureWidth }: FrameLayout) {
  const { scale: zoom = 1, x = 0, y = 0 } = anchor
  const stage = stages[orientation]
  return {
    scale: stage.scale * zoom,
    x: pictureWidth / 2 + (stage.x - pictureWidth / 2) * zoom + x * pictureWidth,
    y: height - (height - stage.y) * zoom + y * height,
  }
}

/** Draws the expressions of one presenter as planar YUV 4:2:0. */
export class Presenter {
  readonly #appearance: Appearance
  readonly layout: FrameLayout
  readonly #look: Look
  readonly #stage: ReturnType<typeof stageOf>
  readonly #backdrop: Canvas
  readonly #body: Canvas
  readonly #picture: Canvas
  readonly #sheet: AlphaSheet | undefined
  readonly #yuv: Uint8Array
  readonly #foregrounds: readonly Overlay[]
  #shown: Expression | undefined

  constructor(
    appearance: Appearance,
    background?: Background,
    layers: readonly LoadedLayer[] = [],
  ) {
    this.#appearance = appearance
    this.layout = frameLayout(appearance)
    this.#look = lookOf(appearance.avatar)
    this.#stage = stageOf(appearance, this.layout)
    const { frame = frames[appearance.orientation] } = appearance
    const overlays = (behind: boolean): Overlay[] =>
      layers
        .filter(({ layer }) => (layer.behind ?? false) === behind)
        .map((layer) => new Overlay(layer, frame, this.layout))
    this.#foregrounds = overlays(false)
    const { height, pictureWidth, width } = this.layout
    const transparent = this.layout.alphaX !== undefined
    const canvas = (): Canvas => new Canvas(pictureWidth, height, { transparent })
    this.#backdrop = canvas()
    this.#body = canvas()
    this.#picture = canvas()
    this.#sheet = transparent ? new AlphaSheet(this.layout) : undefined
    this.#yuv = new Uint8Array(yuvBytes(width, height))
    this.#sheet?.clear(this.#yuv)
    if (transparent) return
    paintBackdrop(this.#backdrop, this.#look)
    if (background) {
      const size = { width: pictureWidth, height }
      new Overlay(coverLayer(background, size), size, this.layout).paint(this.#backdrop)
    }
    for (const overlay of overlays(true)) overlay.paint(this.#backdrop)
  }

  /**
   * Draws an expression into an array that the next call reuses. Only the differences to the last
   * expression are painted, so the order of `drawnExpressions` is the fastest.
   */
  draw(expression: Expression): Uint8Array {
    const { eyes, mouth, pose } = expression
    const where = poseAt(pose)
    const head = this.#headBrush(this.#picture, where)
    const newPose = pose !== this.#shown?.pose
    if (newPose) {
      this.#paintBody(where)
      this.#picture.copyFrom(this.#body)
    }
    const repaint = (bounds: Bounds, paint: () => void): void => {
      const area = head.area(bounds)
      this.#picture.copyFrom(this.#body, area)
      paint()
      if (newPose) return
      this.#paintForegrounds(area)
      this.#write(area)
    }
    if (newPose || eyes !== this.#shown?.eyes) {
      repaint(eyeBounds, () => paintEyes(head, this.#look, eyes))
    }
    if (newPose || mouth !== this.#shown?.mouth) {
      repaint(mouthBounds, () => paintMouth(head, this.#look, mouth))
    }
    if (newPose) {
      this.#paintForegrounds(this.#picture.bounds)
      this.#write(this.#picture.bounds)
    }
    this.#shown = expression
    return this.#yuv
  }

  #paintForegrounds(area: Bounds): void {
    for (const overlay of this.#foregrounds) overlay.paint(this.#picture, area)
  }

  #write(area: Bounds): void {
    if (!this.#sheet) writeYuv(this.#picture, this.#yuv, area)
    else this.#sheet.write(this.#picture, this.#yuv, area)
  }

  #paintBody(pose: Pose): void {
    this.#body.copyFrom(this.#backdrop)
    const head = this.#headBrush(this.#body, pose)
    paintHairBehind(head, this.#look)
    const { scale, x, y } = this.#stage
    const torso = new Brush(this.#body, {
      x: x + pose.headX * 0.3,
      y: y - torsoOriginAboveHead * scale + pose.torsoY,
      scale,
    })
    paintTorso(torso, this.#look)
    paintHead(head, this.#look)
    paintHairInFront(head, this.#look)
    if (!this.#sheet) paintNamePlate(this.#body, this.#look, this.#appearance.name)
  }

  #headBrush(canvas: Canvas, { headAngle, headX, headY }: Pose): Brush {
    const { scale, x, y } = this.#stage
    return new Brush(canvas, { x: x + headX, y: y + headY, angle: headAngle, scale })
  }
}
