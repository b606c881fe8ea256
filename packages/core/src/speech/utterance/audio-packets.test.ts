import * as fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { audioPacketBytes, audioPackets } from './audio-packets'

async function* chunksOf(chunks: readonly Uint8Array[]) {
  yield* chunks
}

async function collect(chunks: readonly Uint8Array[]): Promise<Uint8Array[]> {
  const packets: Uint8Array[] = []
  for await (const packet of audioPackets(chunksOf(chunks))) packets.push(packet.slice())
  return packets
}

describe('audioPackets', () => {
  it('gives 5,120 bytes each and the remainder last', async () => {
    const packets = await collect([new Uint8Array(audioPacketBytes + 100), new Uint8Array(50)])
    expect(packets.map(({ length }) => length)).toEqual([5120, 150])
  })

  it('refuses an odd number of bytes', async () => {
    await expect(collect([new Uint8Array(5121)])).rejects.toThrow(/odd number of bytes/)
  })

  it('keeps every byte in order, whatever the chunks', async () => {
    await fc.assert(
      fc.asyncProperty(
        fc.array(fc.uint8Array({ maxLength: 9000 }), { maxLength: 6 }),
        async (chunks) => {
          const input = Buffer.concat(chunks)
          if (input.length % 2 === 1) return
          expect(Buffer.concat(await collect(chunks)).equals(input)).toBe(true)
        },
      ),
      { numRuns: 200 },
    )
  })
})
