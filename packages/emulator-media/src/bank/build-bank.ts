import { performance } from 'node:perf_hooks'
import { drawnExpressions } from '../face/expression'
import { lookOf } from '../face/look'
import { PICTURE, Presenter } from '../face/presenter'
import { encodePictures } from './encode-pictures'
import { encodeSilence } from './encode-silence'
import { frameNumBits, withIdrPicId } from './idr-pic-id'
import type { BankData } from './picture-bank'

/** Draws and encodes everything that one avatar can show. Takes about a second of one core. */
export async function buildBank(avatar: string): Promise<BankData> {
  const begun = performance.now()
  const presenter = new Presenter(lookOf(avatar))
  const silence = encodeSilence()
  const { avcC, units } = await encodePictures(PICTURE, drawAll(presenter))
  const bits = frameNumBits(avcC)
  const copies = units.flatMap((unit) => [withIdrPicId(unit, bits, 0), withIdrPicId(unit, bits, 1)])
  const offsets = new Uint32Array(copies.length + 1)
  let end = 0
  for (const [index, copy] of copies.entries()) {
    end += copy.length
    offsets[index + 1] = end
  }
  const pictures = new Uint8Array(end)
  for (const [index, copy] of copies.entries()) pictures.set(copy, offsets[index])
  return {
    ...PICTURE,
    avcC,
    pictures,
    offsets,
    silence: await silence,
    buildMs: performance.now() - begun,
  }
}

function* drawAll(presenter: Presenter): Generator<Uint8Array> {
  for (const expression of drawnExpressions()) yield presenter.draw(expression)
}
