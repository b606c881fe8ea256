import { type Context, Hono } from 'hono'
import { stream } from 'hono/streaming'

/** A way to a stream that can be made to dry up. */
export interface StreamTap {
  readonly url: string
  /** From now on nothing more flows through the connections that are open; they stay open. */
  freeze(): void
  /** Frozen connections that the player still holds. */
  readonly frozen: number
}

/** Stands between the player and an origin, and spoils what passes. */
export interface StreamProxy {
  readonly app: Hono
  /** A way to the same stream without its audio tags; its header still promises sound. */
  withoutSound(url: string): string
  tap(url: string): StreamTap
}

/** @param base where the proxy is mounted, known once the server listens. */
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
    withoutSound: (url) => route((c) => forward(c, url, dropSound())),
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

type Spoil = (chunk: Buffer) => Buffer | undefined

function forward(c: Context, url: string, spoil: Spoil, onClose: () => void = () => {}): Response {
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
        const passed = spoil(Buffer.from(chunk))
        if (passed?.length) await body.write(passed)
      }
    } catch (cause) {
      // The viewer has left.
      if (!upstream.signal.aborted) throw cause
    }
  })
}

const FILE_HEADER = 13
const TAG_HEADER = 11
const TAG_TRAILER = 4
const AUDIO_TAG = 8

function dropSound(): Spoil {
  let pending = Buffer.alloc(0)
  let begun = false
  return (chunk) => {
    pending = Buffer.concat([pending, chunk])
    const kept: Buffer[] = []
    if (!begun && pending.length >= FILE_HEADER) {
      const header = Buffer.from(pending.subarray(0, FILE_HEADER))
      header[4] = 0x05
      kept.push(header)
      pending = pending.subarray(FILE_HEADER)
      begun = true
    }
    while (begun && pending.length >= TAG_HEADER) {
      const length = TAG_HEADER + pending.readUIntBE(1, 3) + TAG_TRAILER
      if (pending.length < length) break
      if (pending[0] !== AUDIO_TAG) kept.push(pending.subarray(0, length))
      pending = pending.subarray(length)
    }
    return Buffer.concat(kept)
  }
}
