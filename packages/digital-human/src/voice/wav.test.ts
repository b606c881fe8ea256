import { expect, test } from 'vitest'
import { readWav } from './wav'

function wav(samples: readonly number[], over: { length?: number; bits?: number } = {}): Buffer {
  const data = Buffer.alloc(samples.length * 2)
  for (const [index, sample] of samples.entries()) data.writeInt16LE(sample, index * 2)
  const header = Buffer.alloc(44)
  header.write('RIFF', 0, 'latin1')
  header.write('WAVEfmt ', 8, 'latin1')
  header.writeUInt32LE(16, 16)
  header.writeUInt16LE(1, 20)
  header.writeUInt16LE(1, 22)
  header.writeUInt32LE(22_050, 24)
  header.writeUInt16LE(over.bits ?? 16, 34)
  header.write('data', 36, 'latin1')
  header.writeUInt32LE(over.length ?? data.length, 40)
  return Buffer.concat([header, data])
}

test('samples and rate come back, also when the length promises too much', () => {
  for (const length of [6, 0x7ffff000]) {
    const sound = readWav(wav([1, -2, 3], { length }))
    expect(sound).toEqual({ sampleRate: 22_050, samples: Int16Array.of(1, -2, 3) })
  }
})

test('anything else is refused', () => {
  expect(() => readWav(Buffer.from('ID3'))).toThrow('not a WAV')
  expect(() => readWav(wav([1], { bits: 8 }))).toThrow('16-bit')
})
