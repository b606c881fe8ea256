import { performance } from 'node:perf_hooks'
import type { Appearance } from '../face/appearance'
import type { Background } from '../face/backdrop'
import { drawnExpressions } from '../face/expression'
import type { LoadedLayer } from '../face/layer'
import { Presenter } from '../face/presenter'
import { readBackground } from './background'
import { encodePictures } from './encode-pictures'
import { encodeSilence } from './encode-silence'
import { type FetchedImages, shownBackground, shownLayers } from './fetched-images'
import { frameNumBits, withIdrPicId } from './idr-pic-id'
import type { BankData } from './picture-bank'

/** Draws and encodes everything that one avatar can show. Takes about a second of one core. */
export async function buildBank(appearance: Appearance, images: FetchedImages): Promise<BankData> {
  const begun = performance.now()
  const { background, layers, warnings } = scenery(appearance, images)
  const presenter = new Presenter(appearance, background, layers)
  const { height, width } = presenter.layout
  const { avcC, units } = await encodePictures({ width, height }, drawAll(presenter))
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
    width,
    height,
    avcC,
    pictures,
    offsets,
    silence: encodeSilence(),
    warnings,
    buildMs: performance.now() - begun,
  }
}

/** An image that cannot be shown is no reason to show nobody. */
function scenery(appearance: Appearance, images: FetchedImages) {
  const warnings: string[] = []
  const read = (what: string, address: string): Background | undefined => {
    try {
      return readBackground(address, images)
    } catch (error) {
      const why = error instanceof Error ? error.message : String(error)
      warnings.push(`${what} is left out: ${why}; a colour, a JPEG or a PNG of 8 bits can be shown`)
      return undefined
    }
  }
  const address = shownBackground(appearance)
  const background = address === undefined ? undefined : read('the background', address)
  const layers: LoadedLayer[] = shownLayers(appearance).flatMap((layer) => {
    const image = read(layer.behind ? 'a background' : 'a foreground', layer.url)
    return image ? [{ image, layer }] : []
  })
  return { background, layers, warnings }
}

function* drawAll(presenter: Presenter): Generator<Uint8Array> {
  for (const expression of drawnExpressions()) yield presenter.draw(expression)
}
