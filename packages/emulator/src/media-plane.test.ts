import { describe, expect, it } from 'vitest'
import type { GatewayOptions } from './options'
import { setUpAccount } from './testing/account'
import { ScriptedMedia } from './testing/scripted-media'

const secret = 'c0ffee00'.repeat(4)
const CssCustomPushUrl = `rtmp://push.test/live/m1?txSecret=${secret}&txTime=7FFFFFFF`
const customPush = { ProtocolOption: { CssCustomPushUrl } }

function setUp(media: ScriptedMedia, options: GatewayOptions = {}) {
  const warnings: string[] = []
  const logger = { info() {}, warn: (text: string) => warnings.push(text) }
  const account = setUpAccount({ media, logger, ...options })
  const stat = async (SessionId: unknown) =>
    (await account.call('statSession', { SessionId })).Payload
  return { ...account, stat, warnings }
}

describe('the media plane', () => {
  it('receives the avatar and the complete push URL', async () => {
    const media = new ScriptedMedia()
    const { create } = setUp(media)
    const { SessionId } = (await create(customPush)).Payload
    expect(media.opened).toEqual([
      {
        sessionId: SessionId,
        avatar: 'presenter',
        pushUrl: CssCustomPushUrl,
        voice: { speed: 100, volume: 0, timbre: undefined, language: undefined },
        picture: {
          orientation: 'landscape',
          background: undefined,
          layers: [],
          frame: { width: 1920, height: 1080 },
          anchor: { x: 0, y: 0, scale: 1 },
          alpha: 'none',
        },
      },
    ])
  })

  it('receives the settings of voice and picture', async () => {
    const media = new ScriptedMedia()
    const { create } = setUp(media)
    await create({
      SpeechParam: { Speed: 150, Volume: -6, TimbreKey: 'female_7', TimbreLanguage: 'zh-CN' },
      Backgrounds: [{ Url: 'https://img.test/lobby.png', X: 0, Y: 0, Width: 1080, Height: 1920 }],
      ExtraInfo: { AlphaChannelEnable: true },
    })
    expect(media.opened[0]).toMatchObject({
      voice: { speed: 150, volume: -6, timbre: 'female_7', language: 'zh-CN' },
      picture: {
        orientation: 'portrait',
        background: 'https://img.test/lobby.png',
        alpha: 'padded',
      },
    })
    await create({ ExtraInfo: { AlphaChannelEnable: true, AlphaPadDisable: true } })
    expect(media.opened[1]?.picture.alpha).toBe('unpadded')
  })

  it('makes the session ready when both the stream and prepareMs are done', async () => {
    const media = new ScriptedMedia({ manual: true })
    const { create, stat, time } = setUp(media)
    const { SessionId } = (await create()).Payload
    await time.tickAsync(5_000)
    expect(await stat(SessionId)).toMatchObject({ SessionStatus: 3 })
    media.succeed()
    await time.tickAsync(0)
    expect(await stat(SessionId)).toMatchObject({ SessionStatus: 1 })

    const quick = setUp(new ScriptedMedia())
    const second = (await quick.create()).Payload.SessionId
    await quick.time.tickAsync(999)
    expect(await quick.stat(second)).toMatchObject({ SessionStatus: 3 })
    await quick.time.tickAsync(1)
    expect(await quick.stat(second)).toMatchObject({ SessionStatus: 1 })
  })

  it('returns a play address for a platform stream, but none for a custom push', async () => {
    const media = new ScriptedMedia({
      playUrl: `http://127.0.0.1:1/live/m1.flv?txSecret=${secret}`,
    })
    const { open, stat, gateway } = setUp(media)
    const platform = await open({ UserId: 'a' })
    expect(await stat(platform)).toMatchObject({
      PlayStreamAddr: `rtmp://127.0.0.1:1/live/m1?txSecret=${secret}`,
    })
    expect(JSON.stringify(gateway.sessions)).not.toContain(secret)
    const custom = await open({ UserId: 'b', ...customPush })
    expect(await stat(custom)).not.toHaveProperty('PlayStreamAddr')
  })

  it.each([
    ['rtmp', {}, `rtmp://127.0.0.1:1/live/m1?txSecret=${secret}`],
    ['webrtc', {}, `webrtc://127.0.0.1:1/live/m1?txSecret=${secret}`],
    ['rtmp', { mediaPlayDomain: 'h:19350' }, `rtmp://h:19350/live/m1?txSecret=${secret}`],
    ['webrtc', { mediaPlayDomain: 'play.test' }, `webrtc://play.test/live/m1?txSecret=${secret}`],
    ['trtc', {}, expect.stringMatching(/^room:\/\/\d+\?appId=/)],
  ])(
    'gives the play address in the form of Protocol %s with %j',
    async (Protocol, options, url) => {
      const flv = `http://127.0.0.1:1/live/m1.flv?txSecret=${secret}`
      const { open, stat } = setUp(new ScriptedMedia({ playUrl: flv }), options)
      expect(await stat(await open({ Protocol }))).toMatchObject({ PlayStreamAddr: url })
    },
  )

  it.each(['webrtc://h/live/m1', 'https://h/live/m1.m3u8', 'https://h/whep/live/m1'])(
    'keeps another play address of the media plane: %s',
    async (playUrl) => {
      const { open, stat } = setUp(new ScriptedMedia({ playUrl }))
      expect(await stat(await open({ Protocol: 'rtmp' }))).toMatchObject({
        PlayStreamAddr: playUrl,
      })
    },
  )

  it('gives a known play address while the session is preparing', async () => {
    const media = new ScriptedMedia({ manual: true })
    const { create, stat, time } = setUp(media)
    expect((await create({ UserId: 'a' })).Payload).not.toHaveProperty('PlayStreamAddr')
    media.earlyPlayUrl = 'http://127.0.0.1:1/live/m1.flv'
    const { Payload } = await create({ UserId: 'b', Protocol: 'webrtc' })
    expect(Payload).toMatchObject({
      SessionStatus: 3,
      PlayStreamAddr: 'webrtc://127.0.0.1:1/live/m1',
    })
    expect((await create({ UserId: 'c', ...customPush })).Payload).not.toHaveProperty(
      'PlayStreamAddr',
    )
    media.succeed()
    media.fail('no stream')
    await time.tickAsync(1_000)
    const failed = await stat(String(Payload.SessionId))
    expect(failed).toMatchObject({ SessionStatus: 4 })
    expect(failed).not.toHaveProperty('PlayStreamAddr')
  })

  it('fails the session with -111002 when it rejects, and frees the concurrency', async () => {
    const media = new ScriptedMedia({ manual: true })
    const { create, stat, call, time, gateway, warnings } = setUp(media, { concurrency: 1 })
    const { SessionId } = (await create(customPush)).Payload
    media.fail(`cannot push to ${CssCustomPushUrl}`)
    await time.tickAsync(0)
    expect(await stat(SessionId)).toMatchObject({
      SessionStatus: 4,
      ErrorCode: -111002,
      ErrorMessage: 'cannot push to rtmp://push.test/live/m1?txSecret=[hidden]&txTime=7FFFFFFF',
    })
    expect(JSON.stringify([gateway.sessions, warnings])).not.toContain(secret)
    expect(await call('startSession', { SessionId })).toMatchObject({ Code: 110013 })
    expect(media.signals[0]?.aborted).toBe(true)
    expect(time.countTimers()).toBe(0)
    expect(await create({ UserId: 'next' })).toMatchObject({ Code: 0 })
  })

  it('fails the session with -111002 when it throws', async () => {
    const media = new ScriptedMedia()
    media.open = () => {
      throw new Error('no encoder')
    }
    const { create, stat, time } = setUp(media)
    const { SessionId } = (await create()).Payload
    await time.tickAsync(0)
    expect(await stat(SessionId)).toMatchObject({ SessionStatus: 4, ErrorMessage: 'no encoder' })
  })

  it('closes the session when it loses the stream', async () => {
    const media = new ScriptedMedia()
    const { open, stat, say, time } = setUp(media)
    const SessionId = await open(customPush)
    media.end(`push connection lost (${CssCustomPushUrl})`)
    await time.tickAsync(0)
    expect(await stat(SessionId)).toMatchObject({
      SessionStatus: 2,
      CloseType: 3,
      ErrorCode: -111002,
      ErrorMessage: expect.stringContaining('the stream ended: push connection lost'),
    })
    expect(JSON.stringify(await stat(SessionId))).not.toContain(secret)
    expect(await say(SessionId)).toMatchObject({ Code: 110013 })
    expect(media.log).toEqual(['close'])
  })

  it('speaks a text and stops at an interrupt', async () => {
    const media = new ScriptedMedia()
    const { open, say, time } = setUp(media)
    const SessionId = await open()
    await say(SessionId, { Text: '你好 👋' })
    await time.tickAsync(100)
    await say(SessionId, { Interrupt: true })
    await say(SessionId, {})
    expect(media.log).toEqual(['say 你好 👋', 'hush'])
  })
})

describe('the picture', () => {
  const layer = { Url: 'https://img.test/a.png' }
  const place = { ImagePosition: 0.1, ImagePositionVertical: -0.2, ImageZoom: 1.5 }

  it('has the layers and the human at their positions', async () => {
    const media = new ScriptedMedia()
    const { create, warnings } = setUp(media)
    await create({
      Backgrounds: [
        { ...layer, Width: 1080, Height: 1920 },
        { Url: '#ff0000', X: 5, Y: 6, Width: 7, Height: 8 },
      ],
      Foregrounds: [{ Url: 'https://img.test/logo.png', X: -20 }],
      AnchorParam: { HorizontalPosition: -0.25, VerticalPosition: 0.5, Scale: 2 },
    })
    expect(media.opened[0]?.picture).toEqual({
      orientation: 'portrait',
      background: layer.Url,
      layers: [
        { url: '#ff0000', x: 5, y: 6, width: 7, height: 8, behind: true },
        {
          url: 'https://img.test/logo.png',
          x: -20,
          y: 0,
          width: undefined,
          height: undefined,
          behind: false,
        },
      ],
      frame: { width: 1080, height: 1920 },
      anchor: { x: -0.25, y: 0.5, scale: 2 },
      alpha: 'none',
    })
    expect(warnings).toEqual([])
  })

  it('uses a first background that does not fill the picture as a layer', async () => {
    const media = new ScriptedMedia()
    const { create } = setUp(media)
    await create({ Backgrounds: [{ ...layer, X: 1, Width: 1920, Height: 1080 }] })
    expect(media.opened[0]?.picture).toMatchObject({
      background: undefined,
      layers: [{ url: layer.Url, x: 1, behind: true }],
    })
  })

  it.each([
    ['of 1080p without a size', [{}], [{}], { width: 1920, height: 1080 }],
    [
      'of its first background',
      [{ Width: 800, Height: 600 }],
      [{ X: 700 }],
      { width: 800, height: 600 },
    ],
    [
      'not of one that others lie beside',
      [{ Width: 800, Height: 600 }],
      [{ X: 900, Width: 9, Height: 90 }],
      { width: 1920, height: 1080 },
    ],
    [
      'upright when the layers need it',
      [],
      [{ Y: 1_800, Width: 100, Height: 50 }],
      { width: 1080, height: 1920 },
    ],
    ['not for a tall logo', [], [{ X: 9, Width: 100, Height: 300 }], { width: 1920, height: 1080 }],
  ])('is %s', async (_what, backgrounds, foregrounds, frame) => {
    const media = new ScriptedMedia()
    const { create } = setUp(media)
    await create({
      Backgrounds: backgrounds.map((place) => ({ ...layer, ...place })),
      Foregrounds: foregrounds.map((place) => ({ ...layer, ...place })),
    })
    expect(media.opened[0]?.picture).toMatchObject({
      frame,
      orientation: frame.height > frame.width ? 'portrait' : 'landscape',
    })
  })

  it('changes with updatesessionconfig', async () => {
    const media = new ScriptedMedia()
    const { open, call, gateway, time, warnings } = setUp(media)
    const SessionId = await open({ Backgrounds: [layer, layer], Foregrounds: [layer] })
    const SpaceParam = { ...place, BackgroundUrl: 'https://img.test/b.png' }
    await call('updateSessionConfig', { SessionId, SpaceParam })
    await time.tickAsync(5_000)
    await call('updateSessionConfig', { SessionId, SpaceParam: { ...place, ImageZoom: 1 } })
    const changed = {
      background: 'https://img.test/b.png',
      layers: [{ behind: false }],
      anchor: { x: 0.1, y: -0.2, scale: 1.5 },
    }
    expect(media.shown).toMatchObject([
      changed,
      { ...changed, anchor: { x: 0.1, y: -0.2, scale: 1 } },
    ])
    expect(gateway.sessions[0]?.picture.background).toBe('https://img.test/b.png')
    expect(warnings).toEqual([])
  })

  it('lists accepted settings that are not drawn', async () => {
    const media = new ScriptedMedia()
    media.warnings.push('a foreground is left out: the server answered 404')
    const { open, call, gateway, time, warnings } = setUp(media)
    const SessionId = await open({
      AnchorParam: { SilenceActionDisabled: true },
      Foregrounds: [{ ...layer, X: 1920, Opacity: 1 }],
      ExtraInfo: { AlphaChannelEnable: true, Later: 1 },
      Backgrounds: [layer],
    })
    const ImageParam = { ImageHorizontalOffset: 10 }
    await call('updateSessionConfig', { SessionId, ImageParam, SpaceParam: place })
    await time.tickAsync(0)
    const told = [
      'Backgrounds (with AlphaChannelEnable the human stands alone)',
      'Foregrounds.0 (outside of the picture of 1920x1080)',
      'Foregrounds.0.Opacity',
      'AnchorParam.SilenceActionDisabled',
      'ExtraInfo.Later',
      'a foreground is left out: the server answered 404',
      'ImageParam (of 3D avatars)',
    ]
    expect(gateway.sessions[0]?.notDrawn).toEqual(told)
    for (const what of told) {
      expect(warnings.filter((text) => text.includes(what))).toHaveLength(1)
    }
    for (const text of warnings) expect(text).toContain('accepted but not drawn: ')
  })

  it('logs a change that the media plane cannot show, and nothing without a media plane', async () => {
    const media = new ScriptedMedia()
    const open = media.open.bind(media)
    media.open = async (...request) => {
      const { show: _show, ...human } = await open(...request)
      return human
    }
    const told = setUp(media)
    const SessionId = await told.open()
    await told.call('updateSessionConfig', { SessionId, SpaceParam: place })
    expect(told.warnings).toEqual([expect.stringContaining('cannot change a picture')])
    const warnings: string[] = []
    const none = setUpAccount({ logger: { info() {}, warn: (text) => warnings.push(text) } })
    await none.open({ AnchorParam: { SilenceActionDisabled: true } })
    expect(none.gateway.sessions[0]?.notDrawn).toEqual([])
    expect(warnings).toEqual([])
  })
})

describe('the close of a stream', () => {
  it.each(['closesession', 'the same UserId', 'idle time', 'close of the emulator'])(
    'happens once after %s',
    async (how) => {
      const media = new ScriptedMedia()
      const { open, create, call, gateway, time } = setUp(media)
      const SessionId = await open()
      if (how === 'closesession') await call('closeSession', { SessionId })
      else if (how === 'the same UserId') await create()
      else if (how === 'idle time') await time.tickAsync(600_000)
      else await gateway.close()
      expect(media.log).toEqual(['close'])
      expect(media.signals[0]?.aborted).toBe(true)
      media.end('a late end')
      await time.tickAsync(0)
      expect(media.log).toEqual(['close'])
    },
  )

  it('happens once when the stream opens after the session was closed', async () => {
    const media = new ScriptedMedia({ manual: true })
    const { create, call, time, stat } = setUp(media)
    const { SessionId } = (await create()).Payload
    expect(media.signals[0]?.aborted).toBe(false)
    await call('closeSession', { SessionId })
    expect(media.signals[0]?.aborted).toBe(true)
    media.succeed()
    await time.tickAsync(5_000)
    expect(media.log).toEqual(['close'])
    expect(await stat(SessionId)).toMatchObject({ SessionStatus: 2, CloseType: 1 })
  })

  it('does not report an aborted open as a failure', async () => {
    const media = new ScriptedMedia({ manual: true })
    const { create, call, time, stat, warnings } = setUp(media)
    const { SessionId } = (await create()).Payload
    await call('closeSession', { SessionId })
    media.fail('called off')
    await time.tickAsync(0)
    expect(await stat(SessionId)).toMatchObject({ SessionStatus: 2, CloseType: 1 })
    expect(warnings).toEqual([])
  })

  it('logs an error instead of throwing it', async () => {
    const media = new ScriptedMedia()
    media.closeFails = true
    const { open, gateway, warnings } = setUp(media)
    await open()
    await gateway.close()
    expect(warnings).toEqual(['closing a stream failed: the pipe is stuck'])
  })

  it('delays the close of the emulator until it has happened', async () => {
    const media = new ScriptedMedia({ manual: true })
    const { create, gateway } = setUp(media)
    await create()
    let closed = false
    const closing = gateway.close().then(() => {
      closed = true
    })
    await new Promise(setImmediate)
    expect(closed).toBe(false)
    media.succeed()
    await closing
    expect(media.log).toEqual(['close'])
  })
})
