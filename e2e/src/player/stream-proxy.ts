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
  /** An address of the same stream whose timestamps change by `by` milliseconds after `after` ms of it. */
  shifted(url: string, shift: { after: number; by: number }): string
  /** An address of the same stream that sends nothing for `seconds`, and then all of them at once. */
  withBacklog(url: string, seconds: number): string
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
    shifted: (url, shift) => route((c) => forward(c, url, shiftTime(shift))),
    withBacklog: (url, seconds) => route((c) => forward(c, url, holdBack(seconds))),
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
  return eachTag((tag) => (tag[0] === audioTag ? undefined : tag))
}

function shiftTime({ after, by }: { after: number; by: number }): Filter {
  let first: number | undefined
  return eachTag((tag) => {
    // The fourth byte of a timestamp holds its highest bits.
    const time = tag.readUIntBE(4, 3) + (tag.readUInt8(7) << 24)
    if (time > 0) first ??= time
    if (first === undefined || time < first + after) return tag
    const shifted = time + by
    tag.writeUIntBE(shifted & 0xffffff, 4, 3)
    tag.writeUInt8(shifted >>> 24, 7)
    return tag
  })
}

function holdBack(seconds: number): Filter {
  const began = performance.now()
  let held: Buffer[] = []
  return (chunk) => {
    held.push(chunk)
    if (performance.now() - began < seconds * 1000) return undefined
    const passed = Buffer.concat(held)
    held = []
    return passed
  }
}

/** Passes each tag of an FLV stream through `change`, which may drop it. */
function eachTag(change: (tag: Buffer) => Buffer | undefined): Filter {
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
      const tag = change(pending.subarray(0, length))
      if (tag) kept.push(tag)
      pending = pending.subarray(length)
    }
    return Buffer.concat(kept)
  }
}
