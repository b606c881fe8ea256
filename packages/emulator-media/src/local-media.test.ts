import { afterEach, expect, it } from 'vitest'
import { type LocalMedia, type StartMediaOptions, startMedia } from './local-media'

let media: LocalMedia | undefined
afterEach(() => media?.close())

async function start(options: StartMediaOptions): Promise<string> {
  media = await startMedia(options)
  return media.url
}

it('returns a usable address when it listens on every address', async () => {
  const url = await start({ host: '0.0.0.0' })
  expect(url).not.toContain('0.0.0.0')
  expect(await (await fetch(`${url}/health`)).json()).toEqual({ ok: true, streams: 0 })
})

it('uses the given host and port', async () => {
  const free = new URL(await start({})).port
  await media?.close()
  const options = { host: '0.0.0.0', publicHost: 'media.example', port: Number(free) }
  expect(await start(options)).toBe(`http://media.example:${free}`)
})

it('rejects an option of the origin that it does not pass on', async () => {
  const options: object = { pushKeys: ['k'] }
  await expect(startMedia(options)).rejects.toMatchObject({ code: 'unknown-option' })
})
