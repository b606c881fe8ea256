import { createHash } from 'node:crypto'
import type { Appearance } from '../face/appearance'
import type { PictureLayer } from '../face/layer'

const maxBytes = 10 * 1024 * 1024
const maxBytesTogether = 2 * maxBytes
const timeoutMs = 10_000
const maxRedirects = 5

/** Decides whether an image may be fetched from an address. */
export type AllowImage = (url: URL) => boolean

/** Image files by their address; a string is the reason why the download failed. */
export type FetchedImages = ReadonlyMap<string, Uint8Array | string>

/** Returns the visible background: a transparent picture has none. */
export function shownBackground({ alpha, background }: Appearance): string | undefined {
  return alpha === 'none' ? background : undefined
}

/** Returns the visible layers in painting order. */
export function shownLayers({ alpha, layers = [] }: Appearance): readonly PictureLayer[] {
  return layers.filter(({ behind }) => alpha === 'none' || !behind)
}

/**
 * Fetches all images of an appearance in parallel, each within 10 seconds and 10 MB, all within 20 MB. Without `allow` every
 * given address is allowed, and redirects to the same host. A failed download is part of the result.
 *
 * @throws the signal's reason when it is aborted.
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
  const received = { bytes: 0 }
  const images = await Promise.all(
    [...new Set(addresses)].filter(isAddress).map(async (address) => {
      const image = await fetchImage(address, signal, received, allow).catch(reasonOf)
      return [address, image] as const
    }),
  )
  signal.throwIfAborted()
  return new Map(images)
}

/** Returns a hash over all images. */
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
  received: { bytes: number },
  allow?: AllowImage,
): Promise<Uint8Array> {
  const signal = AbortSignal.any([closing, AbortSignal.timeout(timeoutMs)])
  const first = new URL(address)
  const allowed = allow ?? (({ host }: URL) => host === first.host)
  let url = first
  for (let redirects = 0; redirects <= maxRedirects; redirects++) {
    if (url.protocol !== 'data:' && !allowed(url)) throw new Error(`${url.host} is not allowed`)
    const response = await fetch(url, { signal, redirect: 'manual' })
    if (response.ok) return bodyOf(response, received)
    await response.body?.cancel()
    const location = response.status < 400 ? response.headers.get('location') : null
    if (location === null) throw new Error(`the server answered ${response.status}`)
    url = new URL(location, url)
  }
  throw new Error(`the server redirects more than ${maxRedirects} times`)
}

async function bodyOf({ body }: Response, received: { bytes: number }): Promise<Uint8Array> {
  const pieces: Uint8Array[] = []
  let size = 0
  for await (const piece of body ?? []) {
    pieces.push(piece)
    size += piece.length
    received.bytes += piece.length
    if (size > maxBytes) throw new Error(`the image has more than ${maxBytes} bytes`)
    if (received.bytes > maxBytesTogether) {
      throw new Error(`the images have more than ${maxBytesTogether} bytes together`)
    }
  }
  return Buffer.concat(pieces)
}
