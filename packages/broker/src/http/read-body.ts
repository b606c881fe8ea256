/** What came of reading a body: its text, or why there is none. */
export type BodyReading =
  | { readonly text: string; readonly failure?: undefined }
  | { readonly text?: undefined; readonly failure: 'too-large' | 'already-read' }

/** The body as the host application has read it. */
export interface HostBody {
  /** True when the host has read the body. Default false. */
  readonly bodyWasRead?: boolean | undefined
  /** What the host has read: an object, text or bytes. Used when `bodyWasRead` is true. */
  readonly body?: unknown
}

/** The client disconnected before the end of the body. */
export class RequestAborted extends Error {}

/**
 * Reads a body as text, from the request or from what the host has read.
 *
 * @throws RequestAborted when the client disconnects.
 */
export async function readBody(
  request: Request,
  maxBytes: number,
  { bodyWasRead = false, body: parsed }: HostBody = {},
): Promise<BodyReading> {
  if (bodyWasRead) {
    if (parsed === undefined) return { failure: 'already-read' }
    const text = textOf(parsed)
    return sizeOf(text) > maxBytes ? { failure: 'too-large' } : { text }
  }
  const announced = Number(request.headers.get('content-length') ?? 0)
  if (announced > maxBytes) return { failure: 'too-large' }
  if (request.bodyUsed) return { failure: 'already-read' }
  const decoder = new TextDecoder()
  let text = ''
  let length = 0
  try {
    for await (const chunk of request.body ?? []) {
      length += chunk.length
      if (length > maxBytes) return { failure: 'too-large' }
      text += decoder.decode(chunk, { stream: true })
    }
  } catch (cause) {
    throw new RequestAborted('The client disconnected before the end of its body.', { cause })
  }
  // A body parser of the host has taken the bytes.
  if (length === 0 && announced > 0) return { failure: 'already-read' }
  return { text: text + decoder.decode() }
}

function textOf(parsed: unknown): string {
  if (typeof parsed === 'string') return parsed
  if (ArrayBuffer.isView(parsed)) {
    const { buffer, byteOffset, byteLength } = parsed
    return new TextDecoder().decode(new Uint8Array(buffer, byteOffset, byteLength))
  }
  return JSON.stringify(parsed)
}

function sizeOf(text: string): number {
  return new TextEncoder().encode(text).length
}

/** Parses a JSON object. An empty text counts as `{}`; undefined for any other text. */
export function parseObject(text: string): Record<string, unknown> | undefined {
  if (text.trim() === '') return {}
  try {
    const value: unknown = JSON.parse(text)
    if (typeof value !== 'object' || value === null || Array.isArray(value)) return undefined
    return { ...value }
  } catch {
    return undefined
  }
}
