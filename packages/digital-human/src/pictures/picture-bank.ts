import { drawnExpression, drawnExpressions, type Expression } from '../face/expression'

/** The pictures of one avatar, as the worker builds them: in arrays that change threads without a copy. */
export interface BankData {
  readonly width: number
  readonly height: number
  /** AVCDecoderConfigurationRecord: SPS and PPS. */
  readonly avcC: Uint8Array
  /**
   * IDR access units end to end: two for every expression in the order of `drawnExpressions`, which differ
   * in `idr_pic_id`.
   */
  readonly pictures: Uint8Array<ArrayBuffer>
  /** Offset of each unit in `pictures`, and the end of the last one. */
  readonly offsets: Uint32Array
  readonly silence: SilentAudio
  /** Time that drawing and encoding took, in milliseconds. */
  readonly buildMs: number
  /** One sentence for each image that could not be shown. */
  readonly warnings: readonly string[]
}

/** Silence as AAC-LC: one frame that may be repeated without end. */
export interface SilentAudio {
  readonly sampleRate: number
  readonly samplesPerFrame: number
  readonly audioSpecificConfig: Uint8Array
  readonly frame: Uint8Array
}

/** Every picture of one avatar, ready to be sent. */
export class PictureBank {
  readonly width: number
  readonly height: number
  readonly buildMs: number
  readonly warnings: readonly string[]
  readonly avcC: Uint8Array
  readonly silence: SilentAudio
  readonly #units = new Map<string, readonly [Uint8Array, Uint8Array]>()

  constructor({ avcC, buildMs, height, offsets, pictures, silence, warnings, width }: BankData) {
    this.width = width
    this.height = height
    this.buildMs = buildMs
    this.warnings = warnings
    this.avcC = avcC
    this.silence = silence
    const unit = (index: number): Uint8Array =>
      pictures.subarray(offsets[index], offsets[index + 1])
    for (const [index, expression] of drawnExpressions().entries()) {
      this.#units.set(keyOf(expression), [unit(index * 2), unit(index * 2 + 1)])
    }
  }

  /**
   * Returns the IDR access unit of an expression, NAL units after 4-byte lengths. Consecutive pictures
   * must differ in `parity`.
   */
  picture(expression: Expression, parity: 0 | 1): Uint8Array {
    const pair = this.#units.get(keyOf(drawnExpression(expression)))
    if (!pair) {
      throw new RangeError(`The bank has no picture of the expression ${keyOf(expression)}.`)
    }
    return pair[parity]
  }
}

function keyOf({ eyes, mouth, pose }: Expression): string {
  return `${pose} ${eyes} ${mouth}`
}
