/** The format of SEND_AUDIO: 16 kHz, 16-bit little-endian, mono (1240/100398). */
export const audioFormat = { sampleRate: 16_000, bytesPerSample: 2, channels: 1 } as const

/** Size of a packet, in bytes: 160 ms of audio (1240/100398). */
export const audioPacketBytes = 5_120

/**
 * Cuts audio in chunks of any size into packets of 5,120 bytes; the last packet holds the rest.
 *
 * @throws RangeError when the audio ends within a sample: 16-bit PCM has an even number of bytes.
 */
export async function* audioPackets(
  source: AsyncIterable<Uint8Array>,
): AsyncGenerator<Buffer, void, undefined> {
  let rest = Buffer.alloc(0)
  for await (const chunk of source) {
    // Copy the chunk: the source may use its memory again.
    rest = Buffer.concat([rest, chunk])
    for (; rest.length >= audioPacketBytes; rest = rest.subarray(audioPacketBytes)) {
      yield rest.subarray(0, audioPacketBytes)
    }
  }
  if (rest.length % audioFormat.bytesPerSample !== 0) {
    throw new RangeError(
      'the audio has an odd number of bytes; it must be 16 kHz 16-bit little-endian mono PCM',
    )
  }
  if (rest.length > 0) yield rest
}
