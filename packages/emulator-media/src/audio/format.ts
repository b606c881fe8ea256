/** Speech inside this package is mono, 16 bit, at the rate of SEND_AUDIO (1240/100398), which Opus takes as well. */
export const PCM_RATE = 16_000

/** The AAC of the stream: twice that, because a frame then lasts a whole number of milliseconds. */
export const AAC_RATE = 32_000
export const AAC_FRAME_SAMPLES = 1024
export const AAC_FRAME_MS = 32

/** The PCM of one AAC frame. */
export const PCM_FRAME_SAMPLES = 512

/** How long a mouth of a mouth track lasts: half an AAC frame. */
export const MOUTH_MS = 16
export const MOUTH_SAMPLES = 256
