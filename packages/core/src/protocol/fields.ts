import * as z from 'zod'

/** 32 hexadecimal characters: a UUID without dashes. The gateway refuses other ids (100397). */
export const reqIdSchema = z.string().regex(/^[0-9a-f]{32}$/i, {
  error: 'must be 32 hexadecimal characters (a UUID without dashes)',
})

const notEmpty = { error: 'must not be empty' }

export const filledString = z.string().min(1, notEmpty)

export const wholeNumber = z.int({ error: 'must be a whole number' })

export const sessionIdSchema = z.string().min(1, notEmpty)

/**
 * Unique per viewer: a new stream with the same UserId closes the earlier one. Length and character set are
 * not documented, so only an empty id is refused.
 */
export const userIdSchema = z.string().min(1, notEmpty)

/** Lower case is required (1240/100388). */
export const protocolSchema = z.enum(['rtmp', 'trtc', 'webrtc'], {
  error: 'must be "rtmp", "trtc" or "webrtc", in lower case',
})
export type StreamProtocol = z.infer<typeof protocolSchema>

/** 1: driven by text. 3: driven by the caller's audio and by text. */
export const driverTypeSchema = z.literal([1, 3], {
  error: 'must be 1 (text) or 3 (audio and text)',
})
export type DriverType = z.infer<typeof driverTypeSchema>
