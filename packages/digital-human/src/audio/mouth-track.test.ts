import { expect, it } from 'vitest'
import { mouthForms } from '../face/expression'
import { MouthTracker } from './mouth-track'

/** Half a second of harmonics of 120 Hz with the strengths of a vowel with these formants. */
function vowel(formants: readonly number[]): Int16Array {
  return Int16Array.from({ length: 8000 }, (_, n) => {
    let sum = 0
    for (let hertz = 120; hertz < 3600; hertz += 120) {
      const near = formants.reduce(
        (most, one) => Math.max(most, 1 / (1 + ((hertz - one) / 90) ** 2)),
        0,
      )
      sum += near * Math.sin((2 * Math.PI * hertz * n) / 16_000)
    }
    return 3000 * sum
  })
}

function mouthOf(samples: Int16Array): string | undefined {
  const track = [...new MouthTracker().push(samples)].slice(4)
  const counts = mouthForms.map((_, mouth) => track.filter((one) => one === mouth).length)
  return mouthForms[counts.indexOf(Math.max(...counts))]
}

it.each([
  ['a', [750, 1250], 'wide'],
  ['u', [320, 780], 'round'],
  ['i', [290, 2250], 'spread'],
])('finds the mouth of %s', (_name, formants, mouth) => {
  expect(mouthOf(vowel(formants))).toBe(mouth)
})

it('closes the mouth for silence and line hum', () => {
  expect(mouthOf(new Int16Array(8000))).toBe('smile')
  expect(mouthOf(Int16Array.from({ length: 8000 }, (_, n) => 90 * Math.sin(n / 51)))).toBe('smile')
})

it('closes the mouth between two words, even after a loud word', () => {
  const word = vowel([750, 1250]).subarray(0, 3200)
  const line = new Int16Array(3200 * 3)
  line.set(word)
  line.set(word, 6400)
  const track = new MouthTracker().push(line)
  expect(track).toHaveLength(37)
  expect(new Set(track.subarray(15, 24))).toEqual(new Set([0]))
  expect(track[6]).not.toBe(0)
  expect(track[30]).not.toBe(0)
})
