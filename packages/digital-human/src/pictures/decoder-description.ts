/**
 * Copies the `description` of a decoder configuration, which may have any WebCodecs buffer type.
 *
 * @throws Error when the description is missing; no player works without it.
 */
export function decoderDescription(source: unknown): Uint8Array<ArrayBuffer> {
  if (ArrayBuffer.isView(source)) {
    return Uint8Array.from(new Uint8Array(source.buffer, source.byteOffset, source.byteLength))
  }
  if (source instanceof ArrayBuffer) return new Uint8Array(source.slice(0))
  throw new Error('The H.264 encoder returned no decoder configuration.')
}
