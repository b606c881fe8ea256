/** What SEND_AUDIO takes: 16 kHz, 16-bit little-endian, mono (1240/100398). */
export const audioFormat = { sampleRate: 16_000, bytesPerSample: 2, channels: 1 } as const

/** 160 ms of audio, the packet the service asks for. */
export const audioPacketBytes = 5_120

/**
 * Cuts audio of any chunking into packets of 5,120 bytes; the last one holds what remains.
 *
 * @throws RangeError when the audio ends within a sample: an odd number of bytes is not 16-bit PCM.
 */
export async function* audioPackets(
  source: AsyncIterable<Uint8Array>,
): AsyncGenerator<Uint8Array, void, undefined> {
  let packet = new Uint8Array(audioPacketBytes)
  let filled = 0
  for await (const chunk of source) {
    let taken = 0
    while (taken < chunk.length) {
      const part = chunk.subarray(taken, taken + audioPacketBytes - filled)
      packet.set(part, filled)
      filled += part.length
      taken += part.length
      if (filled === audioPacketBytes) {
        yield packet
        packet = new Uint8Array(audioPacketBytes)
        filled = 0
      }
    }
  }
  if (filled % audioFormat.bytesPerSample !== 0) {
    throw new RangeError(
      'the audio has an odd number of bytes; it must be 16 kHz 16-bit little-endian mono PCM',
    )
  }
  if (filled > 0) yield packet.subarray(0, filled)
}
