import type { ServerResponse } from 'node:http'
import { afterEach, describe, expect, it } from 'vitest'
import { imageServer } from '../testing/image-server'
import { type AllowImage, fetchImages } from './fetched-images'

const { signal } = new AbortController()
const human = { avatar: 'a', orientation: 'landscape', name: '', alpha: 'none' } as const

const cleanups: (() => void)[] = []
afterEach(() => {
  for (const cleanup of cleanups.splice(0)) cleanup()
})

async function serving(answer: (path: string, response: ServerResponse) => void) {
  const server = await imageServer(answer)
  cleanups.push(() => server.close())
  return server
}

async function imageOf(url: string, allow?: AllowImage) {
  const images = await fetchImages({ ...human, background: url }, signal, allow)
  const image = images.get(url)
  return typeof image === 'string' ? image : image && Buffer.from(image).toString()
}

describe('the images of an appearance', () => {
  it('are fetched in parallel, each address once', async () => {
    const waiting: ServerResponse[] = []
    const server = await serving((path, response) => {
      waiting.push(response)
      if (waiting.length === 3) for (const one of waiting) one.end(path)
    })
    const urls = ['/a', '/b', '/c', '/b', '/a'].map((path) => server.url + path)
    const layers = urls.map((url) => ({ url }))
    const images = await fetchImages({ ...human, background: urls[0], layers }, signal)
    expect([...images.keys()]).toEqual(urls.slice(0, 3))
    expect(server.requested.toSorted()).toEqual(['/a', '/b', '/c'])
  })

  it('include only the visible images, without colours and local files', async () => {
    const server = await serving((_path, response) => response.end('image'))
    const layers = [
      { url: '#102030' },
      { url: 'file:///etc/passwd' },
      { url: `${server.url}/behind`, behind: true },
      { url: `${server.url}/front` },
    ]
    const background = `${server.url}/wall`
    const images = await fetchImages({ ...human, alpha: 'padded', background, layers }, signal)
    expect([...images.keys()]).toEqual([`${server.url}/front`])
  })

  it('may be given in a `data:` address', async () => {
    expect(await imageOf(`data:image/png;base64,${Buffer.from('abc').toString('base64')}`)).toBe(
      'abc',
    )
  })

  it.each([
    ['an error status', 503, '', 'the server answered 503'],
    ['more than 10 MB', 200, 'x'.repeat(11 * 1024 * 1024), 'more than'],
  ])('reports %s as the reason', async (_name, status, body, why) => {
    const server = await serving((_path, response) => response.writeHead(status).end(body))
    expect(await imageOf(server.url)).toContain(why)
  })

  it('have at most 20 MB together', async () => {
    const body = 'x'.repeat(9 * 1024 * 1024)
    const server = await serving((_path, response) => response.end(body))
    const layers = ['/a', '/b', '/c'].map((path) => ({ url: server.url + path }))
    const images = await fetchImages({ ...human, background: undefined, layers }, signal)
    const reasons = [...images.values()].filter((image) => typeof image === 'string')
    expect(new Set(reasons)).toEqual(new Set(['the images have more than 20971520 bytes together']))
  })

  it('are abandoned when the signal is aborted', async () => {
    const controller = new AbortController()
    const server = await serving(() => controller.abort(new Error('closing')))
    await expect(
      fetchImages({ ...human, background: server.url }, controller.signal),
    ).rejects.toThrow('closing')
  })
})

describe('an image with a redirect', () => {
  const moved = (to: string) => (path: string, response: ServerResponse) =>
    path === '/moved' ? response.writeHead(302, { location: to }).end() : response.end('here')

  it('is fetched from the same host', async () => {
    const server = await serving(moved('/image'))
    expect(await imageOf(`${server.url}/moved`)).toBe('here')
  })

  it('is fetched from another host only when that is allowed', async () => {
    const other = await serving(moved(''))
    const server = await serving(moved(`${other.url}/image`))
    const url = `${server.url}/moved`
    expect(await imageOf(url)).toBe(`${new URL(other.url).host} is not allowed`)
    expect(other.requested).toEqual([])
    const seen: string[] = []
    const allow = ({ href }: URL) => seen.push(href) > 0
    expect(await imageOf(url, allow)).toBe('here')
    expect(seen).toEqual([url, `${other.url}/image`])
  })

  it('fails after too many redirects', async () => {
    const server = await serving(moved('/moved'))
    expect(await imageOf(`${server.url}/moved`)).toContain('more than 5 times')
    expect(server.requested).toHaveLength(6)
  })

  it('is not requested when its address is not allowed', async () => {
    const server = await serving(moved(''))
    expect(await imageOf(server.url, () => false)).toContain('is not allowed')
    expect(server.requested).toEqual([])
  })
})
