import { describe, expect, it } from 'vitest'
import type { Appearance } from './appearance'
import type { Bounds } from './bounds'
import { drawnExpression, drawnExpressions, type Expression, poseCount } from './expression'
import { lookOf } from './look'
import { Presenter } from './presenter'

const [width, height] = [640, 360]
const human = (avatar: string, over: Partial<Appearance> = {}): Appearance => ({
  avatar,
  orientation: 'landscape',
  background: undefined,
  name: '',
  alpha: 'none',
  ...over,
})
const neutral: Expression = { pose: 0, mouth: 'smile', eyes: 'open' }

const draw = (presenter: Presenter, expression: Expression): Uint8Array =>
  presenter.draw(expression).slice()

/** Returns the area in which the brightness of two pictures differs visibly. */
function difference(a: Uint8Array, b: Uint8Array): Bounds & { readonly pixels: number } {
  let left: number = width
  let top: number = height
  let right = 0
  let bottom = 0
  let pixels = 0
  for (let index = 0; index < width * height; index++) {
    if (Math.abs((a[index] ?? 0) - (b[index] ?? 0)) < 4) continue
    pixels += 1
    left = Math.min(left, index % width)
    right = Math.max(right, index % width)
    top = Math.min(top, Math.floor(index / width))
    bottom = Math.max(bottom, Math.floor(index / width))
  }
  return { left, top, right, bottom, pixels }
}

function meanStep(a: Uint8Array, b: Uint8Array): number {
  let sum = 0
  for (let index = 0; index < width * height; index++) {
    sum += Math.abs((a[index] ?? 0) - (b[index] ?? 0))
  }
  return sum / (width * height)
}

// Allow a minute, because drawing takes long on a busy machine.
describe('presenter', { timeout: 60_000 }, () => {
  it('draws the same picture for the same avatar and another for another avatar', () => {
    const first = draw(new Presenter(human('asset-1')), neutral)
    expect(draw(new Presenter(human('asset-1')), neutral)).toEqual(first)
    const other = draw(new Presenter(human('asset-2')), neutral)
    expect(difference(first, other).pixels).toBeGreaterThan(5000)
  })

  it('draws a picture independently of earlier ones', () => {
    const used = new Presenter(human('asset-1'))
    for (const expression of drawnExpressions().slice(0, 24)) used.draw(expression)
    for (const expression of drawnExpressions().slice(4, 9)) {
      const fresh = new Presenter(human('asset-1'))
      expect(Buffer.from(draw(used, expression)).equals(draw(fresh, expression))).toBe(true)
    }
  })

  it('changes only the eyes for a blink', () => {
    const presenter = new Presenter(human('asset-1'))
    const open = draw(presenter, neutral)
    const changed = difference(open, draw(presenter, { ...neutral, eyes: 'closed' }))
    expect(changed.pixels).toBeGreaterThan(200)
    expect(changed.top).toBeGreaterThan(120)
    expect(changed.bottom).toBeLessThan(185)
    expect(changed.left).toBeGreaterThan(260)
    expect(changed.right).toBeLessThan(380)
  })

  it.each(['small', 'middle', 'wide', 'round', 'spread'] as const)(
    'the "%s" mouth shape changes only the mouth area',
    (mouth) => {
      const presenter = new Presenter(human('asset-1'))
      const changed = difference(draw(presenter, neutral), draw(presenter, { ...neutral, mouth }))
      expect(changed.pixels).toBeGreaterThan(60)
      expect(changed.top).toBeGreaterThan(190)
      expect(changed.bottom).toBeLessThan(250)
      expect(changed.left).toBeGreaterThan(280)
      expect(changed.right).toBeLessThan(360)
    },
  )

  it('breathes in small, even steps', () => {
    const presenter = new Presenter(human('asset-1'))
    const poses = Array.from({ length: poseCount }, (_, pose) =>
      draw(presenter, { ...neutral, pose }),
    )
    const steps = poses.slice(1).map((picture, index) => meanStep(picture, poses[index] ?? picture))
    expect(Math.min(...steps)).toBeGreaterThan(0.02)
    expect(Math.max(...steps)).toBeLessThan(0.8)
    const whole = meanStep(poses[0] ?? new Uint8Array(), poses[poseCount - 1] ?? new Uint8Array())
    expect(whole).toBeGreaterThan(Math.max(...steps))
  })
})

describe('a frame with transparency', { timeout: 60_000 }, () => {
  it.each([
    ['landscape', 'padded', 1280, 640],
    ['portrait', 'padded', 728, 368],
    ['portrait', 'unpadded', 720, 360],
  ] as const)('%s %s is %i wide, its grey begins at %i', (orientation, alpha, frame, alphaX) => {
    const presenter = new Presenter(human('asset-1', { orientation, alpha }))
    expect(presenter.layout).toMatchObject({ width: frame, alphaX })
    const picture = draw(presenter, neutral)
    const luma = (x: number, y: number): number | undefined => picture[y * frame + x]
    const { height: rows, pictureWidth } = presenter.layout
    const middle = [pictureWidth / 2, Math.floor(rows * 0.45)] as const
    expect(luma(...middle)).toBeGreaterThan(60)
    expect(luma(alphaX + middle[0], middle[1])).toBe(235)
    expect([luma(4, 4), luma(alphaX + 4, 4)]).toEqual([16, 16])
    // The gap must be black instead of the green of YUV zero.
    const chroma = picture.subarray(frame * rows)
    expect(chroma[Math.floor((alphaX - 2) / 2)]).toBe(128)
  })
})

describe('background and layers of a presenter', { timeout: 60_000 }, () => {
  it('fills the background with a colour', () => {
    const picture = draw(new Presenter(human('asset-1'), [255, 255, 255]), neutral)
    expect([picture[0], picture[width - 1], picture[width * 100]]).toEqual([235, 235, 235])
  })

  it('covers the background with an image without stretching it', () => {
    const rgb = Uint8Array.of(255, 255, 255, 0, 0, 0)
    const image = { width: 1, height: 2, rgb }
    const picture = draw(new Presenter(human('asset-1'), image), neutral)
    const [left = 0, right = 0, below = 0] = [0, width - 1, width * (height - 1)].map(
      (index) => picture[index],
    )
    expect(left).toBe(right)
    expect(left).toBeGreaterThan(170)
    expect(below).toBeLessThan(80)
  })

  it('paints a layer at its position, in front of the moving face', () => {
    const white = [255, 255, 255] as const
    const box = { url: '', x: 900, y: 300, width: 120, height: 300 }
    const plain = new Presenter(human('asset-1'), [0, 0, 0])
    const nobody = draw(plain, neutral)
    const front = new Presenter(human('asset-1'), [0, 0, 0], [{ layer: box, image: white }])
    const covered = draw(front, neutral)
    for (const expression of [neutral, { ...neutral, mouth: 'wide', eyes: 'closed' } as const]) {
      const picture = draw(front, expression)
      for (const [x, y] of [
        [302, 102],
        [338, 198],
      ] as const) {
        expect(picture[y * width + x]).toBe(235)
      }
    }
    expect(difference(nobody, covered)).toMatchObject({ left: 300, top: 100, right: 339 })
    const behind = [{ layer: { ...box, x: 0, behind: true }, image: white }]
    const backed = draw(new Presenter(human('asset-1'), [0, 0, 0], behind), neutral)
    expect(difference(nobody, backed)).toMatchObject({ left: 0, top: 100, right: 39, bottom: 199 })
  })

  it('uses the size and the transparency of an image', () => {
    const image = {
      width: 60,
      height: 30,
      rgb: new Uint8Array(60 * 30 * 3).fill(255),
      alpha: Uint8Array.from({ length: 60 * 30 }, (_, at) => (at % 60 < 30 ? 255 : 0)),
    }
    const layer = { url: '', x: 30, y: 30 }
    const nobody = draw(new Presenter(human('asset-1'), [0, 0, 0]), neutral)
    const logo = new Presenter(human('asset-1'), [0, 0, 0], [{ layer, image }])
    expect(difference(nobody, draw(logo, neutral))).toEqual({
      left: 10,
      top: 10,
      right: 19,
      bottom: 19,
      pixels: 100,
    })
    const frame = { width: 640, height: 360 }
    const large = new Presenter(human('asset-1', { frame }), [0, 0, 0], [{ layer, image }])
    expect(difference(nobody, draw(large, neutral))).toMatchObject({ left: 30, right: 59 })
  })

  it('moves and scales the presenter with an anchor', () => {
    const black = [0, 0, 0] as const
    const empty = new Uint8Array(width * height).fill(16)
    const shown = (anchor: Appearance['anchor']) =>
      difference(empty, draw(new Presenter(human('asset-1', { anchor }), black), neutral))
    const middle = shown(undefined)
    expect(shown({ x: 0, y: 0, scale: 1 })).toEqual(middle)
    expect(shown({ x: 0.1 }).left).toBe(middle.left + 64)
    expect(shown({ y: 0.1 }).top).toBe(middle.top + 36)
    const small = shown({ scale: 0.5 })
    expect(small.bottom).toBe(height - 1)
    expect((small.right - small.left) / (middle.right - middle.left)).toBeCloseTo(0.5, 1)
  })

  it('writes the name at the lower left and omits a name in other letters', () => {
    const nobody = draw(new Presenter(human('asset-1')), neutral)
    const named = difference(
      nobody,
      draw(new Presenter(human('asset-1', { name: 'Ada' })), neutral),
    )
    expect(named.pixels).toBeGreaterThan(500)
    expect(named.top).toBeGreaterThan(290)
    expect(named.right).toBeLessThan(120)
    const other = draw(new Presenter(human('asset-1', { name: '小智' })), neutral)
    expect(difference(nobody, other).pixels).toBe(0)
  })
})

describe('looks', () => {
  it('gives many faces to many avatars', () => {
    const looks = Array.from({ length: 60 }, (_, index) => lookOf(`asset-${index}`))
    expect(new Set(looks.map((look) => JSON.stringify(look))).size).toBeGreaterThan(45)
    expect(new Set(looks.map((look) => look.hairStyle)).size).toBe(4)
    expect(new Set(looks.map((look) => look.outfitStyle)).size).toBe(3)
    expect(new Set(looks.map((look) => look.skin.join())).size).toBe(4)
  })

  it('accepts any text as an avatar', () => {
    for (const avatar of ['', '数智人', '🙂', 'x'.repeat(10_000)]) {
      expect(lookOf(avatar)).toBeDefined()
    }
  })
})

it('replaces an expression that is not drawn by a near one', () => {
  const drawn = new Set(drawnExpressions().map((expression) => JSON.stringify(expression)))
  for (let pose = 0; pose < poseCount; pose++) {
    for (const eyes of ['open', 'half', 'closed'] as const) {
      for (const mouth of ['smile', 'wide'] as const) {
        const nearest = drawnExpression({ pose, mouth, eyes })
        expect(drawn).toContain(JSON.stringify({ ...nearest }))
        expect(nearest.mouth).toBe(mouth)
        expect(Math.abs(nearest.pose - pose)).toBeLessThanOrEqual(2)
      }
    }
  }
})
