import { readdir, readFile } from 'node:fs/promises'
import { createRequire } from 'node:module'
import { dirname, join } from 'node:path'
import { serve } from '@hono/node-server'
import { Hono } from 'hono'
import { stream } from 'hono/streaming'
import { createStreamProxy, type StreamProxy } from './stream-proxy'

const packageFolder = dirname(
  createRequire(import.meta.url).resolve('@ivh-kit/player/package.json'),
)

/**
 * The strictest policy that the player needs: no inline script or style, no worker, no eval, and no
 * text as HTML (Trusted Types).
 * Tests find violations in the console.
 */
const contentSecurityPolicy = [
  "default-src 'none'",
  "script-src 'self'",
  'connect-src http://127.0.0.1:*',
  'media-src blob:',
  "base-uri 'none'",
  "require-trusted-types-for 'script'",
  "trusted-types 'none'",
].join('; ')

export interface PageOptions {
  /** Language of the page. Default `en`. */
  lang?: string
  /** False for a page that does not load the player. Default true. */
  script?: boolean
}

/** A web site with the built player and with broken streams. */
export interface PlayerSite extends Omit<StreamProxy, 'app'> {
  /** Adds a page with this body and returns its address. */
  page(body: string, options?: PageOptions): string
  /** Address of a stream that opens and never sends a byte. */
  readonly silentStream: string
  /** Open connections to {@link silentStream}. */
  readonly silentViewers: number
  /** Address that answers 200 with an HTML page. */
  readonly wrongContent: string
  /** Address that answers with this HTTP status. */
  status(code: number): string
  close(): Promise<void>
}

export async function servePlayerSite(): Promise<PlayerSite> {
  const pages: string[] = []
  let silentViewers = 0
  let url = ''
  const player = await readBuild()
  const proxy = createStreamProxy(() => `${url}/proxied`)
  const app = new Hono()

  app.get('/pages/:index', (c) => {
    const html = pages[Number(c.req.param('index'))]
    if (html === undefined) return c.notFound()
    c.header('Content-Security-Policy', contentSecurityPolicy)
    return c.html(html)
  })
  app.get('/player/:file', (c) => {
    const code = player.get(c.req.param('file'))
    if (code === undefined) return c.notFound()
    c.header('Content-Type', 'text/javascript')
    return c.body(code)
  })
  app.route('/proxied', proxy.app)
  app.get('/favicon.ico', (c) => c.body(null, 204))
  app.get('/silent.flv', (c) => {
    c.header('Content-Type', 'video/x-flv')
    return stream(c, async (body) => {
      silentViewers += 1
      await new Promise<void>((resolve) => body.onAbort(resolve))
      silentViewers -= 1
    })
  })
  app.get('/wrong.flv', (c) => c.html('<title>Sign in</title>'.padEnd(2000)))
  app.get('/status/:code/a.flv', (c) => {
    return new Response(null, { status: Number(c.req.param('code')) })
  })

  const server = await new Promise<ReturnType<typeof serve>>((resolve) => {
    const starting = serve({ fetch: app.fetch, hostname: '127.0.0.1', port: 0 }, ({ port }) => {
      url = `http://127.0.0.1:${port}`
      resolve(starting)
    })
  })
  return {
    page: (body, options = {}) => `${url}/pages/${pages.push(document(body, options)) - 1}`,
    get silentViewers() {
      return silentViewers
    },
    silentStream: `${url}/silent.flv`,
    wrongContent: `${url}/wrong.flv`,
    status: (code) => `${url}/status/${code}/a.flv`,
    withoutSound: proxy.withoutSound,
    shifted: proxy.shifted,
    withBacklog: proxy.withBacklog,
    tap: proxy.tap,
    close: async () => {
      if ('closeAllConnections' in server) server.closeAllConnections()
      await new Promise((resolve) => server.close(resolve))
    },
  }
}

/** Reads all files of the built player at once, so that a running build cannot mix two versions. */
async function readBuild(): Promise<Map<string, string>> {
  const folder = join(packageFolder, 'dist')
  const files = (await readdir(folder)).filter((file) => /\.js(\.map)?$/.test(file))
  return new Map(
    await Promise.all(
      files.map(async (file) => [file, await readFile(join(folder, file), 'utf8')] as const),
    ),
  )
}

function document(body: string, { lang = 'en', script = true }: PageOptions): string {
  return `<!doctype html>
<html lang="${lang}">
<meta charset="utf-8">
<title>Player</title>
${script ? '<script type="module" src="/player/ivh-player.js"></script>' : ''}
${body}
</html>`
}
