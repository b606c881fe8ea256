/**
 * The bytes of a decoder configuration's `description`, copied out of the library's memory.
 * It comes as one of several WebCodecs buffer types, or not at all.
 *
 * @throws Error when there is none, because no player could do without it.
 */
export function decoderDescription(source: unknown): Uint8Array<ArrayBuffer> {
  if (ArrayBuffer.isView(source)) {
    return Uint8Array.from(new Uint8Array(source.buffer, source.byteOffset, source.byteLength))
  }
  if (source instanceof ArrayBuffer) return new Uint8Array(source.slice(0))
  throw new Error('The encoder gave no decoder configuration.')
}
