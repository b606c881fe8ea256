/** Puts the ADTS header of AAC-LC, 32 kHz, mono in front of a packet (ISO 14496-3, 1.A.2). */
export function adtsFrame(packet: Uint8Array): Buffer {
  const length = 7 + packet.length
  const header = [0xff, 0xf1, 0x54, 0x40 | (length >> 11), (length >> 3) & 0xff]
  return Buffer.concat([Buffer.of(...header, ((length << 5) & 0xff) | 0x1f, 0xfc), packet])
}
