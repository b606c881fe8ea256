/** A difference between the audio that the header promises and the audio that arrives. */
export type AudioFinding = 'audio-missing' | 'audio-appeared'

/**
 * Number of bytes read in one step: the file header with the first PreviousTagSize, or a tag header (11) with
 * the two bytes after it. Every tag has these two, if only in its trailer.
 */
const stepBytes = 13
const bytesAfterTagHeader = 2
const tagTrailerBytes = 4
const audioTag = 8
const videoTag = 9
const aac = 10
const aacConfiguration = 0
/** Stream time, in milliseconds, after which promised audio counts as missing. */
const patienceMs = 1_500

/**
 * Scans an FLV stream for audio. A demuxer shows nothing until the promised audio arrives, so a
 * human who is silent and sends no audio would never appear. A human who starts to speak later
 * would stay silent. Layout: Adobe FLV 10.1, Annex E.
 */
export class AudioScan {
  readonly #audioIgnored: boolean
  readonly #step = new Uint8Array(stepBytes)
  #filled = 0
  #skip = 0
  #promised: boolean | null = null
  #firstVideo: number | null = null
  #done = false

  /** @param audioIgnored true when the demuxer ignores audio, so that any audio is a finding. */
  constructor({ audioIgnored }: { audioIgnored: boolean }) {
    this.#audioIgnored = audioIgnored
  }

  /** Reads the next bytes of the stream, cut anywhere. A scan reports at most one finding. */
  push(chunk: Uint8Array): AudioFinding | undefined {
    for (let at = 0; at < chunk.length && !this.#done; ) {
      if (this.#skip > 0) {
        const skipped = Math.min(this.#skip, chunk.length - at)
        this.#skip -= skipped
        at += skipped
        continue
      }
      const taken = chunk.subarray(at, at + stepBytes - this.#filled)
      this.#step.set(taken, this.#filled)
      this.#filled += taken.length
      at += taken.length
      if (this.#filled < stepBytes) return undefined
      this.#filled = 0
      const finding = this.#readStep()
      if (finding) {
        this.#done = true
        return finding
      }
    }
    return undefined
  }

  #readStep(): AudioFinding | undefined {
    const [type = 0, s1 = 0, s2 = 0, s3 = 0, t1 = 0, t2 = 0, t3 = 0, t4 = 0] = this.#step
    if (this.#promised === null) {
      // The fifth byte of the file header holds the flags.
      this.#promised = (t1 & 0x04) !== 0
      return undefined
    }
    this.#skip = ((s1 << 16) | (s2 << 8) | s3) + tagTrailerBytes - bytesAfterTagHeader
    const time = ((t4 << 24) | (t1 << 16) | (t2 << 8) | t3) >>> 0
    const waitedMs = this.#firstVideo === null ? 0 : time - this.#firstVideo
    if (type === videoTag) {
      this.#firstVideo ??= time
      const missing = this.#promised && !this.#audioIgnored && waitedMs >= patienceMs
      return missing ? 'audio-missing' : undefined
    }
    if (type !== audioTag || this.#isConfiguration()) return undefined
    if (this.#audioIgnored || waitedMs >= patienceMs) return 'audio-appeared'
    this.#done = true
    return undefined
  }

  /** Returns true for a decoder configuration. Origins send it first, even when no audio follows. */
  #isConfiguration(): boolean {
    const [format = 0, packet = 0] = this.#step.subarray(stepBytes - bytesAfterTagHeader)
    return format >> 4 === aac && packet === aacConfiguration
  }
}
