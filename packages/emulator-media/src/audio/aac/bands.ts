/** Where the scale factor bands of long blocks begin at 32 kHz (ISO/IEC 14496-3, 4.5.4). */
const STARTS = [
  0, 4, 8, 12, 16, 20, 24, 28, 32, 36, 40, 48, 56, 64, 72, 80, 88, 96, 108, 120, 132, 144, 160, 176,
  196, 216, 240, 264, 292, 320, 352, 384, 416, 448, 480, 512,
] as const

/** The bands up to 8 kHz: a sound of 16 kHz has nothing above. */
export const BANDS = STARTS.length - 1
export const BAND_STARTS = Uint16Array.from(STARTS)

/** Noise this far below a band's own sound is not heard, in decibels: less where pitch is heard. */
const NEAR = Float64Array.from({ length: BANDS }, (_, band) => {
  const hertz = ((BAND_STARTS[band] ?? 0) * 32_000) / 2048
  return 10 ** (-(hertz < 1000 ? 19 : hertz < 3000 ? 16 : 12) / 10)
})
/** What a band hides of its upper and of its lower neighbour. */
const UPWARDS = 10 ** -2.3
const DOWNWARDS = 10 ** -3.2
/** The noise of a few steps of 16-bit sound. */
const FLOOR = 16_384

/** Used again for every frame. */
const power = new Float64Array(BANDS)

/** Says for each band how coarsely it may be rounded, as its scale factor; 0 where nothing is left. */
export function scaleFactorsOf(spectrum: Float64Array, target: Uint8Array): void {
  measurePower(spectrum)
  for (let band = 0; band < BANDS; band++) {
    const own = power[band] ?? 0
    const noise = Math.max(
      FLOOR,
      own * (NEAR[band] ?? 0),
      (power[band - 1] ?? 0) * UPWARDS,
      (power[band + 1] ?? 0) * DOWNWARDS,
    )
    target[band] = own <= noise ? 0 : factorFor(noise, Math.sqrt(own))
  }
}

function measurePower(spectrum: Float64Array): void {
  for (let band = 0; band < BANDS; band++) {
    const from = BAND_STARTS[band] ?? 0
    const to = BAND_STARTS[band + 1] ?? 0
    let sum = 0
    for (let line = from; line < to; line++) sum += (spectrum[line] ?? 0) ** 2
    power[band] = sum / (to - from)
  }
}

/**
 * Lines are rounded as their power of 3/4, so steps grow with the line: a line of size x has steps of
 * 4/3 x^(1/4) s^(3/4), which make noise of a twelfth of their square.
 */
function factorFor(noise: number, size: number): number {
  const step = ((noise * 12 * 9) / 16 / Math.sqrt(size)) ** (2 / 3)
  return Math.max(1, Math.min(255, 100 + Math.floor(4 * Math.log2(step))))
}
