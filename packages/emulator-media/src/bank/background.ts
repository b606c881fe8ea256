import type { Background } from '../face/backdrop'
import { hex } from '../face/colour'
import { isJpeg, readJpeg } from '../face/jpeg'
import { readPng } from '../face/png'

const LARGEST_BYTES = 10 * 1024 * 1024
const PATIENCE_MS = 10_000

/**
 * Gets a background: `#rrggbb`, or a PNG or JPEG behind `http:`, `https:` or `data:`.
 *
 * @throws Error that says why it cannot be shown.
 */
export async function loadBackground(address: string): Promise<Background> {
  if (/^#[0-9a-f]{6}$/i.test(address)) return hex(`#${address.slice(1)}`)
  if (!/^(https?|data):/i.test(address)) {
    throw new Error('it is neither a colour such as #1a2b3c nor an address of an image')
  }
  const response = await fetch(address, { signal: AbortSignal.timeout(PATIENCE_MS) })
  if (!response.ok) throw new Error(`the server answered ${response.status}`)
  const pieces: Uint8Array[] = []
  let size = 0
  for await (const piece of response.body ?? []) {
    pieces.push(piece)
    size += piece.length
    if (size > LARGEST_BYTES) throw new Error(`it has more than ${LARGEST_BYTES} bytes`)
  }
  const bytes = Buffer.concat(pieces)
  return isJpeg(bytes) ? readJpeg(bytes) : readPng(bytes)
}
