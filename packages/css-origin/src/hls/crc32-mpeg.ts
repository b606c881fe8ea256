const polynomial = 0x04c11db7

/** Returns the CRC-32 of transport stream tables. zlib has the reflected variant only. */
export function crc32Mpeg(bytes: Uint8Array): number {
  let crc = 0xffffffff
  for (const byte of bytes) {
    crc ^= byte << 24
    for (let bit = 0; bit < 8; bit++) {
      crc = crc & 0x80000000 ? (crc << 1) ^ polynomial : crc << 1
    }
  }
  return crc >>> 0
}
