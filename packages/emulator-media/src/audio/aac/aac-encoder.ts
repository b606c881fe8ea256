import { BAND_STARTS, BANDS, scaleFactorsOf } from './bands'
import { BitWriter } from './bit-writer'
import { SCALE_FACTOR_BOOK } from './codebooks'
import { LINES, Mdct } from './mdct'
import { LARGEST_LINE, SpectralCoder } from './spectral-coder'

/** AudioSpecificConfig (ISO/IEC 14496-3, 1.6.2.1): AAC-LC, 32 kHz, mono. */
export const AAC_CONFIG: Uint8Array = Uint8Array.of(0x12, 0x88)

/** By how much a scale factor multiplies the lines before they are rounded. */
const GAINS = Float64Array.from({ length: 256 }, (_, factor) => 2 ** ((100 - factor) / 4))

/** Scale factors may differ by so much from one band to the next. */
const FARTHEST = 60
const SINGLE_CHANNEL = 0
const END = 7
/** Bits of a section's length; all ones mean that more follows. */
const LENGTH_BITS = 5
const LENGTH_MORE = 31

/**
 * An AAC-LC encoder for speech of 16 kHz in a stream of 32 kHz, mono: long blocks only, quality
 * constant, about 40 kb/s while somebody speaks. A general encoder looks for the best use of a given
 * number of bits and takes ten times as long, and 20 humans would not fit on a core.
 *
 * Packet `i` holds the sound of frames `i - 1` and `i`, which overlap in every decoder: what is put
 * in as frame `i` is heard when packet `i + 1` is played.
 */
export class AacEncoder {
  readonly #mdct = new Mdct()
  readonly #writer = new BitWriter()
  readonly #spectrum = new Float64Array(LINES)
  readonly #lines = new Int16Array(LINES)
  readonly #coder = new SpectralCoder(this.#lines)
  readonly #factors = new Uint8Array(BANDS)
  readonly #books = new Uint8Array(BANDS)

  /** Takes 512 samples of 16 kHz and gives a raw_data_block (4.4.2.1). */
  encode(samples: Int16Array): Uint8Array<ArrayBuffer> {
    // AAC counts in the steps of 16-bit sound, as the samples do.
    this.#mdct.push(samples, this.#spectrum)
    scaleFactorsOf(this.#spectrum, this.#factors)
    this.#quantize()
    this.#writer.write(SINGLE_CHANNEL << 4, 7)
    this.#writeChannel()
    this.#writer.write(END, 3)
    return this.#writer.take()
  }

  #quantize(): void {
    let previous: number | undefined
    for (let band = 0; band < BANDS; band++) {
      const from = BAND_STARTS[band] ?? 0
      const to = BAND_STARTS[band + 1] ?? 0
      let factor = this.#factors[band] ?? 0
      if (factor === 0) {
        this.#books[band] = 0
        continue
      }
      if (previous !== undefined) {
        factor = Math.max(previous - FARTHEST, Math.min(previous + FARTHEST, factor))
      }
      const gain = GAINS[factor] ?? 0
      let largest = 0
      for (let line = from; line < to; line++) {
        const value = this.#spectrum[line] ?? 0
        const size = Math.abs(value) * gain
        // Rounded down a little more often than up, as decoders assume.
        const level = Math.min(Math.floor(Math.sqrt(size * Math.sqrt(size)) + 0.4054), LARGEST_LINE)
        this.#lines[line] = value < 0 ? -level : level
        if (level > largest) largest = level
      }
      const book = this.#coder.encode(from, to, largest)
      this.#books[band] = book
      if (book === 0) continue
      this.#factors[band] = factor
      previous = factor
    }
  }

  /** individual_channel_stream (4.4.2.7). */
  #writeChannel(): void {
    const [books, factors, writer] = [this.#books, this.#factors, this.#writer]
    const used = books.findLastIndex((book) => book !== 0) + 1
    const first = books.findIndex((book) => book !== 0)
    const gain = first < 0 ? 100 : (factors[first] ?? 0)
    writer.write(gain, 8)
    // A long block with a sine window, without prediction.
    writer.write(0, 4)
    writer.write(used, 6)
    writer.write(0, 1)
    this.#writeSections(used)
    let previous = gain
    for (let band = 0; band < used; band++) {
      if (books[band] === 0) continue
      const factor = factors[band] ?? 0
      const symbol = factor - previous + FARTHEST
      writer.write(SCALE_FACTOR_BOOK.words[symbol] ?? 0, SCALE_FACTOR_BOOK.bits[symbol] ?? 0)
      previous = factor
    }
    // No pulses, no noise shaping, no gain control.
    writer.write(0, 3)
    for (let band = 0; band < used; band++) {
      const book = books[band] ?? 0
      if (book === 0) continue
      this.#coder.write(writer, book, BAND_STARTS[band] ?? 0, BAND_STARTS[band + 1] ?? 0)
    }
  }

  /** Which codebook holds for how many bands in a row. */
  #writeSections(used: number): void {
    for (let band = 0; band < used; ) {
      const book = this.#books[band] ?? 0
      let end = band + 1
      while (end < used && this.#books[end] === book) end += 1
      let length = end - band
      this.#writer.write(book, 4)
      for (; length >= LENGTH_MORE; length -= LENGTH_MORE) {
        this.#writer.write(LENGTH_MORE, LENGTH_BITS)
      }
      this.#writer.write(length, LENGTH_BITS)
      band = end
    }
  }
}
