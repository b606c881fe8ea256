import { PNG } from 'pngjs'
import { beforeAll, describe, expect, it } from 'vitest'
import { drawnExpressions, mouthForms, poseCount } from '../face/expression'
import { buildBank } from './build-bank'
import { buildInWorker } from './build-in-worker'
import { type BankData, PictureBank } from './picture-bank'

const human = (avatar: string) =>
  ({ avatar, orientation: 'landscape', background: undefined, name: '', alpha: 'none' }) as const

/** Timeout in milliseconds. A bank takes a second of a free core, and the worker first compiles the source. */
const patienceMs = 60_000

describe('picture bank', () => {
  let data: BankData
  beforeAll(async () => {
    data = await buildBank(human('asset-1'), new Map())
  }, patienceMs)

  it('holds two copies of every drawn expression as single IDR units', () => {
    expect(data.offsets).toHaveLength(drawnExpressions().length * 2 + 1)
    for (let index = 0; index + 1 < data.offsets.length; index++) {
      const unit = Buffer.from(data.pictures.subarray(data.offsets[index], data.offsets[index + 1]))
      expect(unit.readUInt32BE(0)).toBe(unit.length - 4)
      expect(unit.readUInt8(4) & 31).toBe(5)
    }
  })

  it('has a different picture for each expression and each of its two copies', () => {
    const bank = new PictureBank(data)
    const seen = new Set<string>()
    for (const expression of drawnExpressions()) {
      for (const parity of [0, 1] as const) {
        seen.add(Buffer.from(bank.picture(expression, parity)).toString('base64'))
      }
    }
    expect(seen.size).toBe(drawnExpressions().length * 2)
  })

  it('has a picture for every moment of a performance', () => {
    const bank = new PictureBank(data)
    for (let pose = 0; pose < poseCount; pose++) {
      for (const mouth of mouthForms) {
        for (const eyes of ['open', 'half', 'closed'] as const) {
          expect((bank.picture({ pose, mouth, eyes }, 0)[4] ?? 0) & 31).toBe(5)
        }
      }
    }
  })

  it('carries 640x360 baseline H.264 and mono AAC-LC at 32 kHz', () => {
    expect([data.width, data.height]).toEqual([640, 360])
    expect(Buffer.from(data.avcC.subarray(0, 4)).toString('hex')).toMatch(/^0142/)
    const [first = 0, second = 0] = data.silence.audioSpecificConfig
    expect(first >> 3).toBe(2) // AAC-LC
    expect(((first & 7) << 1) | (second >> 7)).toBe(5) // 32 kHz
    expect((second >> 3) & 15).toBe(1) // mono
    expect(data.silence.frame.length).toBeGreaterThan(0)
    expect(data.silence.frame.length).toBeLessThan(20)
  })

  it('is the same from a worker, and the main thread keeps running', {
    timeout: patienceMs,
  }, async () => {
    let turns = 0
    let building = true
    const idle = (): void => {
      turns += 1
      if (building) setImmediate(idle)
    }
    idle()
    const built = await buildInWorker(human('asset-1'))
    building = false
    expect(turns).toBeGreaterThan(100)
    expect(Buffer.from(built.pictures).equals(Buffer.from(data.pictures))).toBe(true)
    expect(Buffer.from(built.avcC)).toEqual(Buffer.from(data.avcC))
  })

  it('leaves out images with too many pixels together, and reads a repeated image once', {
    timeout: patienceMs,
  }, async () => {
    const whole = PNG.sync.write(new PNG({ width: 4_096, height: 2_160 }), { colorType: 0 })
    const urls = ['http://h/1', 'http://h/2', 'http://h/3']
    const images = new Map(urls.map((url) => [url, whole]))
    const layers = [...urls, urls[0] ?? ''].map((url) => ({ url, width: 8, height: 8 }))
    const { warnings } = await buildBank({ ...human('asset-1'), layers }, images)
    expect(warnings).toEqual([
      'a foreground is left out: it is too large: 4096x2160 are 8847360 pixels, and 0 are allowed (8847360 per image, 17694720 for all images). Use a colour such as #1a2b3c, a JPEG or a PNG.',
    ])
  })

  it('ends the worker of an aborted build and rejects with the reason', {
    timeout: patienceMs,
  }, async () => {
    const controller = new AbortController()
    const building = buildInWorker(human('asset-2'), controller.signal)
    controller.abort(new Error('not needed any more'))
    await expect(building).rejects.toThrow('not needed any more')
  })
})
