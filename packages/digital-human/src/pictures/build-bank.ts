import { performance } from 'node:perf_hooks'
import { aacConfig, aacFrameSamples, aacRate, aacSilence } from '../audio/format'
import type { Appearance } from '../face/appearance'
import { drawnExpressions } from '../face/expression'
import { type Background, mostPixels, mostPixelsTogether } from '../face/image'
import type { LoadedLayer } from '../face/layer'
import { Presenter } from '../face/presenter'
import { readBackground } from './background'
import { encodePictures } from './encode-pictures'
import { type FetchedImages, shownBackground, shownLayers } from './fetched-images'
import type { BankData } from './picture-bank'

/** Draws and encodes every picture of one avatar. Takes about a second of one core. */
export async function buildBank(appearance: Appearance, images: FetchedImages): Promise<BankData> {
  const begun = performance.now()
  const { background, layers, warnings } = scenery(appearance, images)
  const presenter = new Presenter(appearance, background, layers)
  const { height, width } = presenter.layout
  const { avcC, units } = await encodePictures({ width, height }, drawAll(presenter))
  const offsets = new Uint32Array(units.length + 1)
  for (const [index, { length }] of units.entries()) {
    offsets[index + 1] = (offsets[index] ?? 0) + length
  }
  const pictures = new Uint8Array(offsets.at(-1) ?? 0)
  for (const [index, unit] of units.entries()) pictures.set(unit, offsets[index])
  return {
    width,
    height,
    avcC,
    pictures,
    offsets,
    silence: {
      sampleRate: aacRate,
      samplesPerFrame: aacFrameSamples,
      audioSpecificConfig: aacConfig,
      frame: aacSilence,
    },
    warnings,
    buildMs: performance.now() - begun,
  }
}

/** Reads the images. An image that cannot be shown becomes a warning, and the human appears without it. */
function scenery(appearance: Appearance, images: FetchedImages) {
  const warnings: string[] = []
  const known = new Map<string, Background>()
  let pixelsLeft = mostPixelsTogether
  const decode = (address: string): Background => {
    const image =
      known.get(address) ?? readBackground(address, images, Math.min(mostPixels, pixelsLeft))
    if (!known.has(address) && 'rgb' in image) pixelsLeft -= image.width * image.height
    known.set(address, image)
    return image
  }
  const read = (role: string, address: string): Background | undefined => {
    try {
      return decode(address)
    } catch (error) {
      const why = error instanceof Error ? error.message : String(error)
      warnings.push(`${role} is left out: ${why}. Use a colour such as #1a2b3c, a JPEG or a PNG.`)
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

/**
 * Yields every picture twice. The encoder alternates `idr_pic_id`, in which consecutive IDR pictures must
 * differ (H.264, 7.4.3), and a bank plays any picture after any other.
 */
function* drawAll(presenter: Presenter): Generator<Uint8Array> {
  for (const expression of drawnExpressions()) {
    const picture = presenter.draw(expression)
    yield picture
    yield picture
  }
}
