import { Buffer } from 'node:buffer'

/** Memory in which frames are put together; `words` is the same memory, 32 bits at a time. */
export interface Block {
  readonly bytes: Buffer
  readonly words: Int32Array
}

export const blockBytes = 64 * 1024
const mostSpares = 8
const spares: Block[] = []

/**
 * A block for at least `bytes`. Connections that say nothing hold none: a thousand of them would hold
 * 64 MiB for a heartbeat every 45 s.
 */
export function takeBlock(bytes: number): Block {
  if (bytes > blockBytes) return createBlock(bytes)
  return spares.pop() ?? createBlock(blockBytes)
}

/** Nobody may look at its memory any more. */
export function giveBack(block: Block): void {
  if (block.bytes.length === blockBytes && spares.length < mostSpares) spares.push(block)
}

function createBlock(size: number): Block {
  // Memory of its own begins at an address that words need.
  const bytes = Buffer.allocUnsafeSlow(size)
  return { bytes, words: new Int32Array(bytes.buffer, bytes.byteOffset, bytes.length >>> 2) }
}
