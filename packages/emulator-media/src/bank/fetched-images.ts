import { createHash } from 'node:crypto'
import type { Appearance } from '../face/appearance'
import type { PictureLayer } from '../face/layer'

const LARGEST_BYTES = 10 * 1024 * 1024
const PATIENCE_MS = 10_000
const MOST_REDIRECTS = 5

/** Says whether an image may be fetched from an address. */
export type AllowImage = (url: URL) => boolean

/** Files by the address of the image; for one that could not be fetched, the reason. */
export type FetchedImages = ReadonlyMap<string, Uint8Array | string>

/** The background that is to be seen: behind a transparent picture there is none. */
export function shownBackground({ alpha, background }: Appearance): string | undefined {
  return alpha === 'none' ? background : undefined
}

/** The layers that are to be seen, in the order in which they are painted. */
export function shownLayers({ alpha, layers = [] }: Appearance): readonly PictureLayer[] {
  return layers.filter(({ behind }) => alpha === 'none' || !behind)
}

/**
 * Fetches all images of an appearance at once, each in 10 seconds and 10 MB at most. Without `allow` the
 * first address of an image is fetched, and redirects to the same host are followed.
 *
 * @throws the signal's reason when it is aborted; what cannot be fetched is told in the answer.
 */
export async function fetchImages(
  appearance: Appearance,
  signal: AbortSignal,
  allow?: AllowImage,
): Promise<FetchedImages> {
  const addresses = [
    shownBackground(appearance),
    ...shownLayers(appearance).map(({ url }) => url),
  ].filter((address) => address !== undefined)
  const images = await Promise.all(
    [...new Set(addresses)].filter(isAddress).map(async (address) => {
      const image = await fetchImage(address, signal, allow).catch(reasonOf)
      return [address, image] as const
    }),
  )
  signal.throwIfAborted()
  return new Map(images)
}

/** Differs when any of the images does. */
export function fingerprintOf(images: FetchedImages): string {
  const hash = createHash('sha256')
  for (const image of images.values()) hash.update(createHash('sha256').update(image).digest())
  return hash.digest('hex')
}

function isAddress(text: string): boolean {
  return /^(https?|data):/i.test(text)
}

function reasonOf(error: unknown): string {
  return error instanceof Error ? error.message : String(error)
}

async function fetchImage(
  address: string,
  closing: AbortSignal,
  allow?: AllowImage,
): Promise<Uint8Array> {
  const signal = AbortSignal.any([closing, AbortSignal.timeout(PATIENCE_MS)])
  const first = new URL(address)
  const allowed = allow ?? (({ host }: URL) => host === first.host)
  let url = first
  for (let redirects = 0; redirects <= MOST_REDIRECTS; redirects++) {
    if (url.protocol !== 'data:' && !allowed(url)) throw new Error(`${url.host} is not allowed`)
    const response = await fetch(url, { signal, redirect: 'manual' })
    if (response.ok) return bodyOf(response)
    await response.body?.cancel()
    const location = response.status < 400 ? response.headers.get('location') : null
    if (location === null) throw new Error(`the server answered ${response.status}`)
    url = new URL(location, url)
  }
  throw new Error(`the server redirects more than ${MOST_REDIRECTS} times`)
}

async function bodyOf({ body }: Response): Promise<Uint8Array> {
  const pieces: Uint8Array[] = []
  let size = 0
  for await (const piece of body ?? []) {
    pieces.push(piece)
    size += piece.length
    if (size > LARGEST_BYTES) throw new Error(`it has more than ${LARGEST_BYTES} bytes`)
  }
  return Buffer.concat(pieces)
}
