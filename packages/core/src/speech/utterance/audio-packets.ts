/** The format of SEND_AUDIO: 16 kHz, 16-bit little-endian, mono (1240/100398). */
export const audioFormat = { sampleRate: 16_000, bytesPerSample: 2, channels: 1 } as const

/** Size of a packet: 160 ms of audio (1240/100398). */
export const audioPacketBytes = 5_120

/**
 * Cuts audio in chunks of any size into packets of 5,120 bytes; the last packet holds the rest. A packet is
 * valid until the next is requested: its memory belongs to the source, or is used again.
 *
 * @throws RangeError when the audio ends within a sample: an odd number of bytes is not 16-bit PCM.
 */
export async function* audioPackets(
  source: AsyncIterable<Uint8Array>,
): AsyncGenerator<Uint8Array, void, undefined> {
  const rest = new Uint8Array(audioPacketBytes)
  let filled = 0
  for await (const chunk of source) {
    let taken = 0
    if (filled > 0) {
      taken = Math.min(chunk.length, audioPacketBytes - filled)
      rest.set(chunk.subarray(0, taken), filled)
      filled += taken
      if (filled < audioPacketBytes) continue
      yield rest
    }
    for (; taken + audioPacketBytes <= chunk.length; taken += audioPacketBytes) {
      yield chunk.subarray(taken, taken + audioPacketBytes)
    }
    rest.set(chunk.subarray(taken))
    filled = chunk.length - taken
  }
  if (filled % audioFormat.bytesPerSample !== 0) {
    throw new RangeError(
      'the audio has an odd number of bytes; it must be 16 kHz 16-bit little-endian mono PCM',
    )
  }
  if (filled > 0) yield rest.subarray(0, filled)
}
