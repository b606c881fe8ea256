/** Replaces a secret. */
export const hidden = '[redacted]'
