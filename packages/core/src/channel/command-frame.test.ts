import { Buffer } from 'node:buffer'
import { expect, it } from 'vitest'
import { audioFrames, commandFrame } from './command-frame'

it('an audio frame from the template is the frame that JSON.stringify makes', () => {
  const pool = Uint8Array.from({ length: 600 }, (_, index) => index % 256)
  const audio = pool.subarray(3, 515)
  const frame = audioFrames('m"1\\', 'a'.repeat(32))
  for (const seq of [1, 12]) {
    const Data = { Audio: Buffer.from(audio).toString('base64'), Seq: seq, IsFinal: false }
    expect(frame(audio, seq)).toBe(
      commandFrame('m"1\\', 'a'.repeat(32), { Command: 'SEND_AUDIO', Data }),
    )
  }
})
