import { expect, it } from 'vitest'
import { resample } from './resample'

const sine = (hertz: number, rate: number) =>
  Int16Array.from(
    { length: rate / 5 },
    (_, n) => 10_000 * Math.sin((2 * Math.PI * hertz * n) / rate),
  )

it.each([8_000, 11_025, 22_050, 24_000, 44_100, 48_000])('keeps a tone from %d Hz', (rate) => {
  const got = resample(sine(700, rate), rate, 16_000)
  const wanted = sine(700, 16_000)
  expect(got).toHaveLength(wanted.length)
  const noise = got
    .slice(200, -200)
    .reduce((sum, one, n) => sum + (one - (wanted[n + 200] ?? 0)) ** 2, 0)
  const power = wanted.slice(200, -200).reduce((sum, one) => sum + one ** 2, 0)
  expect(10 * Math.log10(power / noise)).toBeGreaterThan(45)
})

it('removes tones above the new rate without aliases', () => {
  const got = resample(sine(10_000, 22_050), 22_050, 16_000).slice(200, -200)
  expect(Math.max(...got.map(Math.abs))).toBeLessThan(300)
})
