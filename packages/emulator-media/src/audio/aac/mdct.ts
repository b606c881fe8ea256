/** Spectral lines of one transform; half as many samples as it looks at. */
export const LINES = 512
const HALF = LINES / 2
const POINTS = HALF
const STAGES = Math.log2(POINTS)

const WINDOW = Float64Array.from({ length: LINES * 2 }, (_, index) =>
  Math.sin((Math.PI * (index + 0.5)) / (LINES * 2)),
)
const TWIST = circle(POINTS, (index) => (Math.PI * (8 * index + 1)) / (8 * LINES))
const ROOTS = circle(POINTS / 2, (index) => (2 * Math.PI * index) / POINTS)
const REVERSED = Uint16Array.from({ length: POINTS }, (_, index) => {
  let reversed = 0
  for (let bit = 0; bit < STAGES; bit++) reversed |= ((index >> bit) & 1) << (STAGES - 1 - bit)
  return reversed
})

/** Points on the unit circle, clockwise: cosines, then negative sines. */
function circle(count: number, angle: (index: number) => number) {
  return {
    re: Float64Array.from({ length: count }, (_, index) => Math.cos(angle(index))),
    im: Float64Array.from({ length: count }, (_, index) => -Math.sin(angle(index))),
  }
}

/**
 * The modified discrete cosine transform of AAC's long blocks with sine windows (ISO/IEC 14496-3,
 * 4.6.11), on a signal of half the stream's rate that comes 512 samples at a time. The upper half of the
 * 1024 lines is empty then, and the lower one is the transform of half the size: window and cosines are
 * those of the whole one, if each sample lies in the middle between two of the decoder's.
 */
export class Mdct {
  readonly #signal = new Float64Array(LINES * 2)
  readonly #folded = new Float64Array(LINES)
  readonly #re = new Float64Array(POINTS)
  readonly #im = new Float64Array(POINTS)

  /** The spectrum of these samples and the ones before them. */
  push(samples: Int16Array, spectrum: Float64Array): void {
    this.#signal.copyWithin(0, LINES)
    this.#signal.set(samples, LINES)
    this.#fold()
    const folded = this.#folded
    const re = this.#re
    const im = this.#im
    // No pairs taken apart here or below: each would be an array that is thrown away again.
    for (let index = 0; index < POINTS; index++) {
      const real = folded[index * 2] ?? 0
      const imaginary = folded[LINES - 1 - index * 2] ?? 0
      const cos = TWIST.re[index] ?? 0
      const sin = TWIST.im[index] ?? 0
      const target = REVERSED[index] ?? 0
      re[target] = real * cos - imaginary * sin
      im[target] = real * sin + imaginary * cos
    }
    fourier(re, im)
    for (let index = 0; index < POINTS; index++) {
      const real = re[index] ?? 0
      const imaginary = im[index] ?? 0
      const cos = TWIST.re[index] ?? 0
      const sin = TWIST.im[index] ?? 0
      // Twice as the standard has it, and twice because there are half as many samples.
      spectrum[index * 2] = 4 * (real * cos - imaginary * sin)
      spectrum[LINES - 1 - index * 2] = -4 * (real * sin + imaginary * cos)
    }
  }

  /** Windows the signal and folds its outer quarters in, which leaves a cosine transform of half the size. */
  #fold(): void {
    const folded = this.#folded
    const signal = this.#signal
    const at = (index: number): number => (signal[index] ?? 0) * (WINDOW[index] ?? 0)
    for (let index = 0; index < HALF; index++) {
      folded[index] = -at(LINES + HALF - 1 - index) - at(LINES + HALF + index)
      folded[HALF + index] = at(index) - at(LINES - 1 - index)
    }
  }
}

/** Fast Fourier transform in place, of points in bit-reversed order. */
function fourier(re: Float64Array, im: Float64Array): void {
  const { re: cosines, im: sines } = ROOTS
  for (let half = 1; half < POINTS; half *= 2) {
    const stride = POINTS / (half * 2)
    for (let begin = 0; begin < POINTS; begin += half * 2) {
      // Neighbours one after the other, so that memory is read in its order.
      for (let low = begin, root = 0; low < begin + half; low++, root += stride) {
        const cos = cosines[root] ?? 0
        const sin = sines[root] ?? 0
        const high = low + half
        const real = re[high] ?? 0
        const imaginary = im[high] ?? 0
        const turnedRe = real * cos - imaginary * sin
        const turnedIm = real * sin + imaginary * cos
        const lowRe = re[low] ?? 0
        const lowIm = im[low] ?? 0
        re[high] = lowRe - turnedRe
        im[high] = lowIm - turnedIm
        re[low] = lowRe + turnedRe
        im[low] = lowIm + turnedIm
      }
    }
  }
}
