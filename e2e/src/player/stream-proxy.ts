import { type Context, Hono } from 'hono'
import { stream } from 'hono/streaming'

/** An address of a stream that the test can freeze. */
export interface StreamTap {
  readonly url: string
  /** Stops the data of all open connections. The connections stay open. */
  freeze(): void
  /** Frozen connections that are still open. */
  readonly frozen: number
}

/** Forwards streams from an origin and damages them on the way. */
export interface StreamProxy {
  readonly app: Hono
  /** An address of the same stream without audio tags. Its header still promises audio. */
  withoutSound(url: string): string
  tap(url: string): StreamTap
}

/** @param base returns the proxy's own address, once the server listens. */
export function createStreamProxy(base: () => string): StreamProxy {
  const handlers: Array<(c: Context) => Response> = []
  const app = new Hono()
  app.get('/:file{[0-9]+\\.flv}', (c) => {
    const handler = handlers[Number.parseInt(c.req.param('file'), 10)]
    return handler ? handler(c) : c.notFound()
  })

  const route = (handler: (c: Context) => Response): string =>
    `${base()}/${handlers.push(handler) - 1}.flv`

  return {
    app,
    withoutSound: (url) => route((c) => forward(c, url, dropAudio())),
    tap: (url) => {
      const open = new Set<{ frozen: boolean }>()
      const address = route((c) => {
        const connection = { frozen: false }
        open.add(connection)
        return forward(
          c,
          url,
          (chunk) => (connection.frozen ? undefined : chunk),
          () => open.delete(connection),
        )
      })
      return {
        url: address,
        freeze: () => {
          for (const connection of open) connection.frozen = true
        },
        get frozen() {
          return [...open].filter((connection) => connection.frozen).length
        },
      }
    },
  }
}

type Filter = (chunk: Buffer) => Buffer | undefined

function forward(
  c: Context,
  url: string,
  filter: Filter,
  onClose: () => void = () => {},
): Response {
  c.header('Content-Type', 'video/x-flv')
  return stream(c, async (body) => {
    const upstream = new AbortController()
    body.onAbort(() => {
      upstream.abort()
      onClose()
    })
    try {
      const response = await fetch(url, { signal: upstream.signal })
      for await (const chunk of response.body ?? []) {
        const passed = filter(Buffer.from(chunk))
        if (passed?.length) await body.write(passed)
      }
    } catch (cause) {
      // An abort means that the viewer has left.
      if (!upstream.signal.aborted) throw cause
    }
  })
}

const fileHeaderBytes = 13
const tagHeaderBytes = 11
const tagTrailerBytes = 4
const audioTag = 8

function dropAudio(): Filter {
  let pending = Buffer.alloc(0)
  let begun = false
  return (chunk) => {
    pending = Buffer.concat([pending, chunk])
    const kept: Buffer[] = []
    if (!begun && pending.length >= fileHeaderBytes) {
      const header = Buffer.from(pending.subarray(0, fileHeaderBytes))
      header[4] = 0x05
      kept.push(header)
      pending = pending.subarray(fileHeaderBytes)
      begun = true
    }
    while (begun && pending.length >= tagHeaderBytes) {
      const length = tagHeaderBytes + pending.readUIntBE(1, 3) + tagTrailerBytes
      if (pending.length < length) break
      if (pending[0] !== audioTag) kept.push(pending.subarray(0, length))
      pending = pending.subarray(length)
    }
    return Buffer.concat(kept)
  }
}
