import { paintBackdrop } from './backdrop'
import type { Bounds } from './bounds'
import { Brush, Canvas } from './canvas'
import type { Expression } from './expression'
import { EYE_BOUNDS, paintEyes } from './eyes'
import { paintHairBehind, paintHairInFront } from './hair'
import { paintHead } from './head'
import type { Look } from './look'
import { MOUTH_BOUNDS, paintMouth } from './mouth'
import { type Pose, poseAt } from './pose'
import { paintTorso } from './torso'
import { writeYuv, yuvBytes } from './yuv'

/** Picture size in pixels. At 960x540 a bank takes three times as long to build. */
export const PICTURE = { width: 640, height: 360 } as const

/** The presenter is drawn around the middle of the head; the torso's origin is above it. */
const SCALE = 1.14
const HEAD = { x: PICTURE.width / 2, y: 163 }
const TORSO_ORIGIN_ABOVE_HEAD = 152

/** Draws one presenter in every expression, as planar YUV 4:2:0. */
export class Presenter {
  readonly #backdrop = new Canvas(PICTURE.width, PICTURE.height)
  readonly #body = new Canvas(PICTURE.width, PICTURE.height)
  readonly #picture = new Canvas(PICTURE.width, PICTURE.height)
  readonly #yuv = new Uint8Array(yuvBytes(PICTURE.width, PICTURE.height))
  #shown: Expression | undefined

  constructor(private readonly look: Look) {
    paintBackdrop(this.#backdrop, look)
  }

  /**
   * The picture of an expression. The array is reused by the next call. Only what differs from
   * the last expression is painted, so ask pose by pose, and with the same eyes in a row.
   */
  draw(expression: Expression): Uint8Array {
    const { eyes, mouth, pose } = expression
    const where = poseAt(pose)
    const head = headBrush(this.#picture, where)
    const newPose = pose !== this.#shown?.pose
    if (newPose) {
      this.#paintBody(where)
      this.#picture.copyFrom(this.#body)
    }
    const repaint = (bounds: Bounds, paint: () => void): void => {
      const area = head.area(bounds)
      this.#picture.copyFrom(this.#body, area)
      paint()
      if (!newPose) writeYuv(this.#picture, this.#yuv, area)
    }
    if (newPose || eyes !== this.#shown?.eyes) {
      repaint(EYE_BOUNDS, () => paintEyes(head, this.look, eyes))
    }
    if (newPose || mouth !== this.#shown?.mouth) {
      repaint(MOUTH_BOUNDS, () => paintMouth(head, this.look, mouth))
    }
    if (newPose) writeYuv(this.#picture, this.#yuv, this.#picture.bounds)
    this.#shown = expression
    return this.#yuv
  }

  #paintBody(pose: Pose): void {
    this.#body.copyFrom(this.#backdrop)
    const head = headBrush(this.#body, pose)
    paintHairBehind(head, this.look)
    paintTorso(torsoBrush(this.#body, pose), this.look)
    paintHead(head, this.look)
    paintHairInFront(head, this.look)
  }
}

function headBrush(canvas: Canvas, { headAngle, headX, headY }: Pose): Brush {
  return new Brush(canvas, {
    x: HEAD.x + headX,
    y: HEAD.y + headY,
    angle: headAngle,
    scale: SCALE,
  })
}

function torsoBrush(canvas: Canvas, { headX, torsoY }: Pose): Brush {
  return new Brush(canvas, {
    x: HEAD.x + headX * 0.3,
    y: HEAD.y - TORSO_ORIGIN_ABOVE_HEAD * SCALE + torsoY,
    scale: SCALE,
  })
}
