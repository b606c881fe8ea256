import { describe, expect, it } from 'vitest'
import { openTestSession } from '../../testing/open-test-session'
import { anyOpen, createTestClient, rejection } from '../../testing/test-client'
import { type OpenSessionOptions, toCreateDraft } from './open-options'

describe('toCreateDraft', () => {
  it('maps the required options to the names of the service', () => {
    const draft = toCreateDraft({ assetVirtualmanKey: 'a', userId: 'u', protocol: 'webrtc' })
    expect(draft).toStrictEqual({
      UserId: 'u',
      Protocol: 'webrtc',
      DriverType: 1,
      AssetVirtualmanKey: 'a',
    })
  })

  it('maps every option of an asset', () => {
    const layer = { url: 'https://h/a.png', x: 1, y: 2, width: 3, height: 4 }
    expect(
      toCreateDraft({
        assetVirtualmanKey: 'a',
        userId: 'u',
        protocol: 'trtc',
        driverType: 3,
        sessionId: 's',
        streamMaxIntervalMs: 3_000,
        alphaChannel: true,
        cssCustomPushUrl: 'rtmp://h/live/m',
        trtc: { appId: '14', roomId: 1, strRoomId: 'r', userSig: 'us', privateMapKey: 'pk' },
        speech: { speed: 110, volume: -2, timbreKey: 'k', timbreLanguage: 'en' },
        backgrounds: [layer],
        foregrounds: [{ url: 'https://h/b.png' }],
        anchor: { SilenceActionDisabled: true },
      }),
    ).toStrictEqual({
      UserId: 'u',
      Protocol: 'trtc',
      DriverType: 3,
      SessionId: 's',
      StreamMaxInterval: 3_000,
      ExtraInfo: { AlphaChannelEnable: true },
      ProtocolOption: {
        CssCustomPushUrl: 'rtmp://h/live/m',
        TrtcUseExternalApp: true,
        TrtcAppId: '14',
        TrtcRoomId: 1,
        TrtcStrRoomId: 'r',
        TrtcUserSig: 'us',
        TrtcPrivateMapKey: 'pk',
      },
      AssetVirtualmanKey: 'a',
      SpeechParam: { Speed: 110, Volume: -2, TimbreKey: 'k', TimbreLanguage: 'en' },
      Backgrounds: [{ Url: 'https://h/a.png', X: 1, Y: 2, Width: 3, Height: 4 }],
      Foregrounds: [{ Url: 'https://h/b.png' }],
      AnchorParam: { SilenceActionDisabled: true },
    })
  })

  it('maps the options of a project', () => {
    expect(
      toCreateDraft({
        virtualmanProjectId: 'p',
        userId: 'u',
        protocol: 'rtmp',
        alphaChannel: false,
      }),
    ).toStrictEqual({
      UserId: 'u',
      Protocol: 'rtmp',
      DriverType: 1,
      ExtraInfo: { AlphaChannelEnable: false },
      VirtualmanProjectId: 'p',
    })
  })

  it('omits undefined options', () => {
    const draft = toCreateDraft({
      assetVirtualmanKey: 'a',
      userId: 'u',
      protocol: 'rtmp',
      driverType: undefined,
      speech: { speed: undefined },
      trtc: undefined,
      backgrounds: undefined,
    })
    expect(draft).toStrictEqual({
      UserId: 'u',
      Protocol: 'rtmp',
      DriverType: 1,
      AssetVirtualmanKey: 'a',
      SpeechParam: {},
    })
  })

  it.each([
    ['no source', {}, /neither assetVirtualmanKey nor virtualmanProjectId.*exactly one/],
    [
      'both sources',
      { assetVirtualmanKey: 'a', virtualmanProjectId: 'p' },
      /both assetVirtualmanKey and virtualmanProjectId.*exactly one/,
    ],
    [
      'a voice for a project',
      { virtualmanProjectId: 'p', speech: { speed: 110 }, foregrounds: [] },
      /by project does not take speech, foregrounds/,
    ],
  ])('rejects %s from an untyped caller', (_name, source, why) => {
    const options: OpenSessionOptions = Object({ userId: 'u', protocol: 'rtmp', ...source })
    expect(() => toCreateDraft(options)).toThrow(why)
  })
})

describe('sessions.open with unknown options', () => {
  it.each([
    [{ protocl: 'rtmp' }, /sessions\.open has no option "protocl"\. Did you mean protocol/],
    [{ speech: { sped: 90 } }, /speech has no option "sped"\. Did you mean speed/],
    [{ channel: { heartbeat: 1 } }, /channel has no option "heartbeat"/],
    [{ trtc: { appID: '1' } }, /trtc has no option "appID"\. Did you mean appId/],
    [{ waitForQuota: { timeout: 1 } }, /waitForQuota has no option "timeout"/],
    [{ backgrounds: [{ URL: 'x' }] }, /A layer has no option "URL"\. Did you mean url/],
  ])('rejects %j and sends nothing', async (wrong, message) => {
    const { ivh, transport } = await createTestClient()
    const error = await rejection(ivh.sessions.open({ ...anyOpen, ...(wrong as object) }))
    expect(error).toMatchObject({ kind: 'config', code: 'unknown-option' })
    expect(String(error)).toMatch(message)
    expect(transport.calls).toEqual([])
  })

  it('rejects unknown options of calls, speech and resume', async () => {
    const { ivh } = await createTestClient()
    const { session } = await openTestSession()
    const wrong = { timeout: 5 }
    for (const call of [
      ivh.statSession({ SessionId: 'm1' }, wrong as object),
      ivh.call('/v2/ivh/x', {}, wrong as object),
      ivh.sessions.resume('m1', wrong as object),
      ivh.sessions.closeOrphans({ isMine: () => false, ...wrong }),
      session.stat(wrong as object),
      session.say('Hi', wrong as object).finished,
      session.sendAudio((async function* () {})(), wrong as object).finished,
    ]) {
      expect(await rejection(call)).toMatchObject({ kind: 'config', code: 'unknown-option' })
    }
  })
})
