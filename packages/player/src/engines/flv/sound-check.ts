/** What the scan found that the demuxer has to be told. */
export type SoundFinding = 'sound-missing' | 'sound-appeared'

/**
 * Bytes looked at in one go: the file header with the first PreviousTagSize, or a tag header
 * (11) with the first two bytes after it, which every tag has, if only in its trailer.
 */
const HEAD = 13
const LOOKED_AT = 2
const TAG_TRAILER = 4
const AUDIO_TAG = 8
const VIDEO_TAG = 9
const AAC = 10
const AAC_CONFIGURATION = 0
/** Stream time, in milliseconds, after which promised sound is taken as absent. */
const PATIENCE = 1_500

/**
 * Reads along in an FLV stream to see whether the sound its header promises really comes. A
 * demuxer waits for promised sound before it shows anything, so a human who is silent, and sends
 * no audio at all meanwhile, would never appear; and one who starts to speak later would stay
 * mute. Layout: Adobe FLV 10.1, Annex E.
 */
export class SoundCheck {
  readonly #ignoring: boolean
  readonly #head = new Uint8Array(HEAD)
  #filled = 0
  #skip = 0
  #promised: boolean | null = null
  #firstVideo: number | null = null
  #done = false

  /** @param ignoring whether the demuxer has been told to ignore sound, so that any is news. */
  constructor({ ignoring }: { ignoring: boolean }) {
    this.#ignoring = ignoring
  }

  /** Takes the next bytes of the stream, cut anywhere. Each check finds one thing at most. */
  push(chunk: Uint8Array): SoundFinding | undefined {
    for (let at = 0; at < chunk.length && !this.#done; ) {
      if (this.#skip > 0) {
        const skipped = Math.min(this.#skip, chunk.length - at)
        this.#skip -= skipped
        at += skipped
        continue
      }
      const taken = chunk.subarray(at, at + HEAD - this.#filled)
      this.#head.set(taken, this.#filled)
      this.#filled += taken.length
      at += taken.length
      if (this.#filled < HEAD) return undefined
      this.#filled = 0
      const finding = this.#look()
      if (finding) {
        this.#done = true
        return finding
      }
    }
    return undefined
  }

  #look(): SoundFinding | undefined {
    const [type = 0, s1 = 0, s2 = 0, s3 = 0, t1 = 0, t2 = 0, t3 = 0, t4 = 0] = this.#head
    if (this.#promised === null) {
      // The fifth byte of the file header holds the flags.
      this.#promised = (t1 & 0x04) !== 0
      return undefined
    }
    this.#skip = ((s1 << 16) | (s2 << 8) | s3) + TAG_TRAILER - LOOKED_AT
    const time = ((t4 << 24) | (t1 << 16) | (t2 << 8) | t3) >>> 0
    const waited = this.#firstVideo === null ? 0 : time - this.#firstVideo
    if (type === VIDEO_TAG) {
      this.#firstVideo ??= time
      return this.#promised && !this.#ignoring && waited >= PATIENCE ? 'sound-missing' : undefined
    }
    if (type !== AUDIO_TAG || this.#isConfiguration()) return undefined
    if (this.#ignoring || waited >= PATIENCE) return 'sound-appeared'
    this.#done = true
    return undefined
  }

  /** Origins keep the decoder configuration and send it first, whether or not sound follows. */
  #isConfiguration(): boolean {
    const [format = 0, packet = 0] = this.#head.subarray(HEAD - LOOKED_AT)
    return format >> 4 === AAC && packet === AAC_CONFIGURATION
  }
}
