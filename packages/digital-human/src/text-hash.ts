/** Returns a seed for a text: its FNV-1a hash, as an unsigned 32-bit number. */
export function seedOf(text: string): number {
  let hash = 0x811c9dc5
  for (const byte of Buffer.from(text, 'utf8')) hash = Math.imul(hash ^ byte, 0x01000193)
  return hash >>> 0
}

/** FNV-1a with a final mix, so that similar texts give different values. */
export function mixedHash(text: string): number {
  let hash = seedOf(text)
  hash = Math.imul(hash ^ (hash >>> 16), 0x7feb352d)
  return (hash ^ (hash >>> 15)) >>> 0
}
