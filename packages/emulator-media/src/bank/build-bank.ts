import { performance } from 'node:perf_hooks'
import type { Appearance } from '../face/appearance'
import type { Background } from '../face/backdrop'
import { drawnExpressions } from '../face/expression'
import type { LoadedLayer } from '../face/layer'
import { Presenter } from '../face/presenter'
import { loadBackground } from './background'
import { encodePictures } from './encode-pictures'
import { encodeSilence } from './encode-silence'
import { frameNumBits, withIdrPicId } from './idr-pic-id'
import type { BankData } from './picture-bank'

/** Draws and encodes everything that one avatar can show. Takes about a second of one core. */
export async function buildBank(appearance: Appearance): Promise<BankData> {
  const begun = performance.now()
  const warnings: string[] = []
  const background = await backgroundOf(appearance, warnings)
  const presenter = new Presenter(appearance, background, await layersOf(appearance, warnings))
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

/** A background that cannot be shown is no reason to show nobody. */
async function backgroundOf(
  { alpha, background }: Appearance,
  warnings: string[],
): Promise<Background | undefined> {
  if (background === undefined || alpha !== 'none') return undefined
  return loaded('the background', background, warnings)
}

async function layersOf(
  { alpha, layers = [] }: Appearance,
  warnings: string[],
): Promise<LoadedLayer[]> {
  const shown = layers.filter(({ behind }) => alpha === 'none' || !behind)
  const images = await Promise.all(
    shown.map(async (layer) => ({
      layer,
      image: await loaded(layer.behind ? 'a background' : 'a foreground', layer.url, warnings),
    })),
  )
  return images.flatMap(({ image, layer }) => (image ? [{ image, layer }] : []))
}

async function loaded(
  what: string,
  address: string,
  warnings: string[],
): Promise<Background | undefined> {
  try {
    return await loadBackground(address)
  } catch (error) {
    const why = error instanceof Error ? error.message : String(error)
    warnings.push(`${what} is left out: ${why}; a colour, a JPEG or a PNG of 8 bits can be shown`)
    return undefined
  }
}

function* drawAll(presenter: Presenter): Generator<Uint8Array> {
  for (const expression of drawnExpressions()) yield presenter.draw(expression)
}
