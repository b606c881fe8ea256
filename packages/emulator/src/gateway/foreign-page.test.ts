import { describe, expect, it } from 'vitest'
import { paths, readAnswer, reqId, setUpAccount } from '../testing/account'
import { ScriptedMedia } from '../testing/scripted-media'

const origin = 'https://page.test'
const actionCommands =
  '/v2/ivh/virtualmanconfig/virtualmanconfigopen/describeactionconfigcommanddetail'

function setUp() {
  const media = new ScriptedMedia()
  const account = setUpAccount({ prepareMs: 0, media })
  const fetchFrom = (path: string, init: RequestInit & { headers: Record<string, string> }) =>
    account.gateway.fetch(
      new Request(`http://127.0.0.1:8080${path}?${account.query()}`, {
        ...init,
        headers: { host: '127.0.0.1:8080', ...init.headers },
      }),
    )
  const post = (path: string, payload: object, headers: Record<string, string>) =>
    fetchFrom(path, {
      method: 'POST',
      headers,
      body: JSON.stringify({ Header: {}, Payload: { ReqId: reqId, ...payload } }),
    })
  const fromPage = (path: string, payload: object, page = origin) =>
    post(path, payload, { origin: page, 'content-type': 'application/json' })
  return { ...account, media, fetchFrom, post, fromPage }
}

const avatar = { AssetVirtualmanKey: 'a', UserId: 'u', Protocol: 'rtmp', DriverType: 1 }
const corsOf = (response: Response) =>
  [...response.headers].filter(([name]) => name.startsWith('access-control-'))

describe('a preflight', () => {
  const preflight = {
    origin,
    'access-control-request-method': 'POST',
    'access-control-request-headers': 'content-type,language',
  }

  it.each([...Object.values(paths), actionCommands])('is answered for %s', async (path) => {
    const { fetchFrom, gateway } = setUp()
    const response = await fetchFrom(path, { method: 'OPTIONS', headers: preflight })
    expect(response.status).toBe(204)
    expect(Object.fromEntries(corsOf(response))).toEqual({
      'access-control-allow-origin': '*',
      'access-control-allow-methods': 'POST',
      'access-control-allow-headers': 'content-type, language',
    })
    expect(gateway.calls).toEqual([])
  })

  it.each(['/', '/__emulator/reset', '/__emulator/sessions', '/v2/ivh/other'])(
    'is refused for %s',
    async (path) => {
      const { fetchFrom } = setUp()
      const response = await fetchFrom(path, { method: 'OPTIONS', headers: preflight })
      expect(response.status).toBeGreaterThanOrEqual(400)
      expect(corsOf(response)).toEqual([])
    },
  )
})

describe('a page', () => {
  it('may read success, refusals and faults of the vendor’s endpoints', async () => {
    const { fromPage, gateway } = setUp()
    gateway.faults.plan([{ on: 'listSessionOfAssetVk', status: 503 }])
    const answers = [
      await fromPage(paths.listSessionOfUin, {}),
      await fromPage(paths.statSession, { SessionId: 'm1' }),
      await fromPage(paths.listSessionOfAssetVk, {}),
    ]
    expect(answers.map(({ status }) => status)).toEqual([200, 200, 503])
    for (const answer of answers) {
      expect(corsOf(answer)).toEqual([['access-control-allow-origin', '*']])
    }
  })

  it('may not read the control API', async () => {
    const { fetchFrom } = setUp()
    const response = await fetchFrom('/__emulator/sessions', { headers: { origin } })
    expect(response.status).toBe(403)
    expect(corsOf(response)).toEqual([])
  })

  it.each([
    'text/plain',
    'text/plain;charset=UTF-8',
    'application/x-www-form-urlencoded',
    'multipart/form-data; boundary=application/json',
    'text/plain; application/json',
    '',
  ])('must not avoid the preflight with the content type “%s”', async (type) => {
    const { post, gateway, media } = setUp()
    for (const page of [origin, 'null', 'http://127.0.0.1:3000']) {
      const response = await post(paths.createSessionByAsset, avatar, {
        origin: page,
        'content-type': type,
      })
      expect(await readAnswer(response)).toMatchObject({
        httpStatus: 403,
        Code: 100001,
        Message: expect.stringContaining(
          `a page of ${page} must send Content-Type: application/json`,
        ),
      })
    }
    expect(gateway.sessions).toEqual([])
    expect(media.opened).toEqual([])
  })

  it('of the emulator itself and a program may send any content type', async () => {
    const { post } = setUp()
    for (const page of [{ origin: 'http://127.0.0.1:8080' }, {}]) {
      const response = await post(
        paths.listSessionOfUin,
        {},
        { ...page, 'content-type': 'text/plain' },
      )
      expect(await readAnswer(response)).toMatchObject({ Code: 0 })
    }
  })
})

describe('an image that a foreign page asks for', () => {
  const privateUrls = [
    'http://127.0.0.1:8080/a.png',
    'http://localhost/a.png',
    'http://2130706433/a.png',
    'http://0x7f.1/a.png',
    'http://10.1.2.3/a.png',
    'http://172.31.0.1/a.png',
    'http://192.168.0.1/a.png',
    'http://169.254.169.254/latest/meta-data',
    'http://100.64.0.1/a.png',
    'http://0.0.0.0/a.png',
    'http://[::1]/a.png',
    'http://[::ffff:127.0.0.1]/a.png',
    'http://[fd00::1]/a.png',
    'http://[fe80::1]/a.png',
    'http://[64:ff9b::7f00:1]/a.png',
    'http://no-such-name.invalid/a.png',
  ]
  const publicUrls = ['http://93.184.215.14/a.png', 'http://[2606:4700::1111]/a.png', '#102030']
  const layerOf = (Url: string) => ({ Url, X: 5, Y: 5, Width: 10, Height: 10 })

  it.each(privateUrls)('is not fetched from %s', async (url) => {
    const { fromPage, gateway, media } = setUp()
    await fromPage(paths.createSessionByAsset, {
      ...avatar,
      Backgrounds: [{ Url: url }],
      Foregrounds: [layerOf(url), layerOf(publicUrls[0] ?? '')],
    })
    await expect.poll(() => media.opened).toHaveLength(1)
    expect(media.opened[0]?.picture).toMatchObject({
      background: undefined,
      layers: [{ url: publicUrls[0] }],
    })
    expect(gateway.events.map(({ text }) => text)).toContainEqual(
      expect.stringMatching(
        /^accepted but not drawn: an image at .+, which a page of https:\/\/page\.test may not make the emulator fetch/,
      ),
    )
  })

  it.each(publicUrls)('is fetched from %s', async (url) => {
    const { fromPage, media } = setUp()
    await fromPage(paths.createSessionByAsset, { ...avatar, Backgrounds: [{ Url: url }] })
    await expect.poll(() => media.opened).toHaveLength(1)
    expect(media.opened[0]?.picture.background).toBe(url)
  })

  it('is fetched from the page’s own origin on this machine', async () => {
    const { fromPage, media } = setUp()
    const Backgrounds = [{ Url: 'http://localhost:5173/a.png' }]
    await fromPage(paths.createSessionByAsset, { ...avatar, Backgrounds }, 'http://localhost:5173')
    await expect.poll(() => media.opened).toHaveLength(1)
    expect(media.opened[0]?.picture.background).toBe('http://localhost:5173/a.png')
  })

  it('is fetched from any address for a program', async () => {
    const { create, media } = setUp()
    await create({ Backgrounds: [{ Url: privateUrls[0] }] })
    expect(media.opened[0]?.picture.background).toBe(privateUrls[0])
  })

  it('is not fetched from a private address as BackgroundUrl of updatesessionconfig', async () => {
    const { create, fromPage, media, gateway, time } = setUp()
    const { SessionId } = (await create()).Payload
    await time.tickAsync(1)
    const place = { ImagePosition: 0, ImagePositionVertical: 0, ImageZoom: 1 }
    const SpaceParam = { ...place, BackgroundUrl: 'http://127.0.0.1:9/a.png' }
    await fromPage(paths.updateSessionConfig, { SessionId, SpaceParam })
    await expect.poll(() => gateway.sessions[0]?.notDrawn).toHaveLength(1)
    expect(media.shown).toEqual([expect.objectContaining({ background: undefined })])
  })
})

it('describeactionconfigcommanddetail answers the vendor’s demo page', async () => {
  const { fromPage } = setUp()
  expect(await readAnswer(await fromPage(actionCommands, { Command: 'x' }))).toMatchObject({
    httpStatus: 200,
    Code: 0,
    Payload: { InteractContent: '' },
  })
})
