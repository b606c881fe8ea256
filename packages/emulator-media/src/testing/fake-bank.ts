import { type BankData, drawnExpressions } from '@ivh-kit/digital-human'

/** A bank with pictures of two bytes: the index of the expression and the parity. */
export function fakeBankData(): BankData {
  const count = drawnExpressions().length * 2
  const pictures = new Uint8Array(count * 2)
  for (let index = 0; index < count; index++) pictures.set([index >> 1, index & 1], index * 2)
  return {
    width: 640,
    height: 360,
    avcC: Uint8Array.of(1, 66, 0, 22),
    pictures,
    offsets: Uint32Array.from({ length: count + 1 }, (_, index) => index * 2),
    silence: {
      sampleRate: 32_000,
      samplesPerFrame: 1024,
      audioSpecificConfig: Uint8Array.of(0x11, 0x88),
      frame: Uint8Array.of(1, 24),
    },
    buildMs: 0,
    warnings: [],
  }
}
