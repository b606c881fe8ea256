import { readFile } from 'node:fs/promises'
import type { Handler } from 'hono'

const types = {
  'index.html': 'text/html; charset=utf-8',
  'page.css': 'text/css; charset=utf-8',
  'nodes.js': 'text/javascript; charset=utf-8',
  'page.js': 'text/javascript; charset=utf-8',
} as const

/** Serves a file of the status page. Its folder is beside `src` and beside `dist`. */
export function statusPage(name: keyof typeof types): Handler {
  return async (c) => {
    const text = await readFile(new URL(`../status-page/${name}`, import.meta.url), 'utf8')
    return c.body(text, 200, { 'content-type': types[name], 'cache-control': 'no-cache' })
  }
}
