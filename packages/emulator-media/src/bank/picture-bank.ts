import { drawnExpression, drawnExpressions, type Expression } from '../face/expression'
import {
  aacFrame,
  aacSequenceHeader,
  avcKeyFrame,
  avcSequenceHeader,
  withPrefix,
} from '../flv/media-payload'

/** What the worker builds for one avatar, in a form that crosses threads without copying. */
export interface BankData {
  readonly width: number
  readonly height: number
  /** AVCDecoderConfigurationRecord: SPS and PPS. */
  readonly avcC: Uint8Array
  /**
   * Every expression in the order of `drawnExpressions` as an IDR access unit, first with
   * `idr_pic_id` 0 and then with 1, end to end.
   */
  readonly pictures: Uint8Array<ArrayBuffer>
  /** Where each copy begins in `pictures`, and where the last one ends. */
  readonly offsets: Uint32Array
  readonly silence: SilentAudio
  /** How long drawing and encoding took in the worker. */
  readonly buildMs: number
  /** What could not be shown, and why. */
  readonly warnings: readonly string[]
}

/** Silence as AAC-LC: one frame that may be repeated for ever. */
export interface SilentAudio {
  readonly sampleRate: number
  readonly samplesPerFrame: number
  readonly audioSpecificConfig: Uint8Array
  readonly frame: Uint8Array
}

/** Everything that one avatar can show, ready to be sent as FLV payloads. */
export class PictureBank {
  readonly width: number
  readonly height: number
  readonly buildMs: number
  readonly warnings: readonly string[]
  readonly videoHeader: Uint8Array
  readonly audioHeader: Uint8Array
  readonly silentFrame: Uint8Array
  readonly audioSampleRate: number
  readonly samplesPerFrame: number
  readonly #payloads = new Map<string, readonly [Uint8Array, Uint8Array]>()

  constructor({ avcC, buildMs, height, offsets, pictures, silence, warnings, width }: BankData) {
    this.width = width
    this.height = height
    this.buildMs = buildMs
    this.warnings = warnings
    this.videoHeader = avcSequenceHeader(avcC)
    this.audioHeader = aacSequenceHeader(silence.audioSpecificConfig)
    this.silentFrame = aacFrame(silence.frame)
    this.audioSampleRate = silence.sampleRate
    this.samplesPerFrame = silence.samplesPerFrame
    const copy = (index: number): Uint8Array =>
      avcKeyFrame(pictures.subarray(offsets[index], offsets[index + 1]))
    for (const [index, expression] of drawnExpressions().entries()) {
      this.#payloads.set(keyOf(expression), [copy(index * 2), copy(index * 2 + 1)])
    }
  }

  /**
   * The key frame of an expression. Pictures in a row must differ in `parity`. NAL units that belong
   * in front of the picture's own are put there.
   */
  picture(expression: Expression, parity: 0 | 1, prefix?: Uint8Array): Uint8Array {
    const pair = this.#payloads.get(keyOf(drawnExpression(expression)))
    if (!pair) throw new RangeError(`No picture was drawn for ${keyOf(expression)}.`)
    const payload = pair[parity]
    return prefix ? withPrefix(payload, prefix) : payload
  }
}

function keyOf({ eyes, mouth, pose }: Expression): string {
  return `${pose} ${eyes} ${mouth}`
}
