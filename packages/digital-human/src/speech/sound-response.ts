import type { SoundBlock } from '../audio/sound-encoder'
import type { SpeechResponse } from './thread-message'

/** Joins the blocks of a sound into one message whose arrays can change threads without a copy. */
export function soundResponse(
  id: number,
  blocks: readonly SoundBlock[],
  complete: boolean,
): Extract<SpeechResponse, { type: 'sound' }> {
  const list = blocks.flatMap(({ packets }) => packets)
  return {
    type: 'sound',
    id,
    packets: joined(list, (length) => new Uint8Array(length)),
    packetLengths: list.map(({ length }) => length),
    samples: joined(
      blocks.map(({ samples }) => samples),
      (length) => new Int16Array(length),
    ),
    mouths: joined(
      blocks.map(({ mouths }) => mouths),
      (length) => new Uint8Array(length),
    ),
    complete,
  }
}

interface NumberArray extends ArrayLike<number> {
  set(part: ArrayLike<number>, offset: number): void
}

function joined<T extends NumberArray>(
  parts: readonly ArrayLike<number>[],
  create: (length: number) => T,
): T {
  const whole = create(parts.reduce((sum, { length }) => sum + length, 0))
  let end = 0
  for (const part of parts) {
    whole.set(part, end)
    end += part.length
  }
  return whole
}
