import { readFile } from 'node:fs/promises'
import { createRequire } from 'node:module'
import { dirname, join } from 'node:path'
import { serve } from '@hono/node-server'
import { Hono } from 'hono'

const require = createRequire(import.meta.url)
const hlsScript = join(dirname(require.resolve('hls.js/package.json')), 'dist/hls.min.js')
const playerFolder = join(dirname(require.resolve('@ivh-kit/player/package.json')), 'dist')

/** A site with hls.js, `<ivh-player>` and a plain `<video>`. */
export interface ViewingSite {
  readonly url: string
  close(): Promise<void>
}

const pageHtml = `<!doctype html>
<meta charset="utf-8">
<title>Viewing</title>
<script src="/hls.js"></script>
<script type="module" src="/player/ivh-player.js"></script>
<video id="bare" autoplay playsinline></video>
`

export async function serveViewingSite(): Promise<ViewingSite> {
  const app = new Hono()
  app.get('/', (c) => c.html(pageHtml))
  app.get('/favicon.ico', (c) => c.body(null, 204))
  app.get('/hls.js', async (c) => {
    c.header('Content-Type', 'text/javascript')
    return c.body(await readFile(hlsScript, 'utf8'))
  })
  app.get('/player/:file{[\\w.-]+\\.js}', async (c) => {
    c.header('Content-Type', 'text/javascript')
    return c.body(await readFile(join(playerFolder, c.req.param('file')), 'utf8'))
  })
  return new Promise((resolve) => {
    const server = serve({ fetch: app.fetch, hostname: '127.0.0.1', port: 0 }, ({ port }) => {
      resolve({
        url: `http://127.0.0.1:${port}/`,
        close: async () => {
          if ('closeAllConnections' in server) server.closeAllConnections()
          await new Promise((closed) => server.close(closed))
        },
      })
    })
  })
}
