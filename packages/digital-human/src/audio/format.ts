/**
 * Sample rate of speech in this package, as in SEND_AUDIO (1240/100398): mono, 16 bit. Opus has the same
 * rate.
 */
export const pcmRate = 16_000

/** Sample rate of the stream's AAC: twice {@link pcmRate}, so that a frame lasts a whole number of milliseconds. */
export const aacRate = 32_000
export const aacFrameSamples = 1024
export const aacFrameMs = 32

/** Number of PCM samples in one AAC frame. */
export const pcmFrameSamples = 512

/** Duration of one mouth in a mouth track, in milliseconds: half an AAC frame. */
export const mouthMs = 16
export const mouthSamples = 256

/** AudioSpecificConfig (ISO/IEC 14496-3, 1.6.2.1): AAC-LC, 32 kHz, mono. */
export const aacConfig: Uint8Array = Uint8Array.of(0x12, 0x88)

/** One AAC frame of silence: a single channel element without any spectral band. */
export const aacSilence: Uint8Array = Uint8Array.of(0, 0xc8, 0, 0x07)
