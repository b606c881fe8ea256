/** An encoder for one stream: takes 320 samples of 16 kHz and returns one Opus packet of 20 ms. */
export interface OpusEncoder {
  encode(samples: Int16Array): Buffer
}

/** Loads the Opus encoder and creates one for a stream: native code where available, else WebAssembly. */
export async function createOpusEncoder(): Promise<OpusEncoder> {
  const { Encoder } = await import('@evan/opus')
  const encoder = new Encoder({ channels: 1, sample_rate: 16_000, application: 'voip' })
  return {
    // Copy the packet, because the encoder reuses the memory of its result.
    encode: (samples) => Buffer.from(encoder.encode(samples)),
  }
}
