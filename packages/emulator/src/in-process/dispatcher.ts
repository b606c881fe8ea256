import { createRequire } from 'node:module'
import { IvhConfigError } from '@ivh-kit/kernel'
import type { Dispatcher } from 'undici'
import { ConnectionDropped } from '../faults/connection-dropped'

type Undici = typeof import('undici')

/**
 * Creates an undici dispatcher that answers every request in this process, for any origin. A dropped
 * connection gives the same error as undici's own.
 *
 * @throws IvhConfigError (`missing-dependency`) when undici is not installed.
 */
export function createDispatcher(
  fetch: (request: Request) => Promise<Response>,
  origin: string,
): Dispatcher {
  const undici = loadUndici()
  class InProcessDispatcher extends undici.Dispatcher {
    override dispatch(options: Dispatcher.DispatchOptions, handler: Dispatcher.DispatchHandler) {
      const exchange = new Exchange(handler, undici)
      void exchange.run(async (signal) => fetch(await requestOf(options, origin, signal, undici)))
      return true
    }

    // There is no connection to close.
    override close(callback?: () => void): Promise<void> {
      callback?.()
      return Promise.resolve()
    }

    override destroy(...args: unknown[]): Promise<void> {
      const callback = args.at(-1)
      if (typeof callback === 'function') callback()
      return Promise.resolve()
    }
  }
  // `compose` adapts handlers that use undici's old handler interface.
  return new InProcessDispatcher().compose((dispatch) => dispatch)
}

function loadUndici(): Undici {
  try {
    // Load undici on demand: an emulator with a port works without undici, and so does `fetch`.
    return createRequire(import.meta.url)('undici')
  } catch (cause) {
    throw new IvhConfigError('emulator.dispatcher needs undici', {
      code: 'missing-dependency',
      hint: 'Install undici beside @ivh-kit/emulator, or use emulator.fetch or emulator.url.',
      cause,
    })
  }
}

/** One request and its response, reported to an undici handler. */
class Exchange implements Dispatcher.DispatchController {
  readonly #handler: Dispatcher.DispatchHandler
  readonly #undici: Undici
  readonly #aborter = new AbortController()
  #over = false
  #paused = false
  #resumed = () => {}
  aborted = false
  reason: Error | null = null

  constructor(handler: Dispatcher.DispatchHandler, undici: Undici) {
    this.#handler = handler
    this.#undici = undici
  }

  get paused(): boolean {
    return this.#paused
  }

  pause(): void {
    this.#paused = true
  }

  resume(): void {
    this.#paused = false
    this.#resumed()
  }

  abort(reason: Error): void {
    if (this.aborted) return
    this.aborted = true
    this.reason = reason
    this.#aborter.abort(reason)
    this.resume()
    this.#fail(reason)
  }

  async run(answer: (signal: AbortSignal) => Promise<Response>): Promise<void> {
    try {
      this.#handler.onRequestStart?.(this, {})
      if (this.aborted) return
      const response = await answer(this.#aborter.signal)
      if (this.aborted) return
      const { status, statusText, headers } = response
      this.#handler.onResponseStart?.(this, status, Object.fromEntries(headers), statusText)
      await this.#pass(response.body)
      if (this.aborted) return
      this.#over = true
      this.#handler.onResponseEnd?.(this, {})
    } catch (error) {
      this.#fail(this.#asTransportError(error))
    }
  }

  async #pass(body: ReadableStream<Uint8Array> | null): Promise<void> {
    if (!body) return
    const reader = body.getReader()
    for (;;) {
      const { done, value } = await reader.read()
      if (this.aborted) return reader.cancel()
      if (done) return
      this.#handler.onResponseData?.(this, Buffer.from(value))
      while (this.#paused && !this.aborted) {
        await new Promise<void>((resolve) => {
          this.#resumed = resolve
        })
      }
    }
  }

  #fail(error: Error): void {
    if (this.#over) return
    this.#over = true
    this.#handler.onResponseError?.(this, error)
  }

  #asTransportError(error: unknown): Error {
    const { SocketError } = this.#undici.errors
    if (error instanceof ConnectionDropped) return new SocketError('other side closed')
    return error instanceof Error ? error : new SocketError(String(error))
  }
}

async function requestOf(
  { path, method, headers, body, query }: Dispatcher.DispatchOptions,
  origin: string,
  signal: AbortSignal,
  undici: Undici,
): Promise<Request> {
  const url = new URL(path, origin)
  for (const [name, value] of Object.entries(query ?? {})) {
    url.searchParams.append(name, String(value))
  }
  return new Request(url, {
    method,
    headers: headersOf(headers),
    body: await bodyOf(body, undici),
    signal,
  })
}

function headersOf(headers: Dispatcher.DispatchOptions['headers']): Headers {
  const result = new Headers()
  if (!headers) return result
  const pairs: Iterable<readonly [string, string | readonly string[] | undefined]> =
    typeof headers === 'string'
      ? []
      : Array.isArray(headers)
        ? pairsOf(headers)
        : isIterable(headers)
          ? headers
          : Object.entries(headers)
  for (const [name, value] of pairs) {
    for (const item of typeof value === 'string' ? [value] : (value ?? [])) {
      result.append(name, item)
    }
  }
  return result
}

function* pairsOf(flat: readonly string[]): Generator<[string, string]> {
  for (let index = 0; index + 1 < flat.length; index += 2) {
    yield [flat[index] ?? '', flat[index + 1] ?? '']
  }
}

function isIterable<Item>(value: Iterable<Item> | object): value is Iterable<Item> {
  return Symbol.iterator in value
}

async function bodyOf(
  body: Dispatcher.DispatchOptions['body'],
  undici: Undici,
): Promise<string | ArrayBuffer | null> {
  if (body === undefined || body === null || typeof body === 'string') return body ?? null
  if (body instanceof undici.FormData) {
    throw new TypeError('the emulator accepts JSON, not FormData')
  }
  const chunks: Uint8Array[] = []
  if (body instanceof Uint8Array) chunks.push(body)
  else for await (const chunk of body) chunks.push(Buffer.from(chunk))
  return new Uint8Array(Buffer.concat(chunks)).buffer
}
