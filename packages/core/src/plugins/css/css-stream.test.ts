import { describe, expect, it } from 'vitest'
import { anyOpen, createTestClient } from '../../testing/test-client'
import { type CssStreamOptions, type CssStreamSigner, cssStream } from './css-stream'

const md5 = '0af9'.repeat(8)

function createSigner() {
  const signed: string[] = []
  const signer: CssStreamSigner = {
    push(streamName, { expiresIn }) {
      signed.push(`push ${streamName} ${expiresIn}`)
      return { url: `rtmp://push.example.com/live/${streamName}?txSecret=${md5}&txTime=7FFFFFFF` }
    },
    play(streamName, { expiresIn }) {
      signed.push(`play ${streamName} ${expiresIn}`)
      const at = (scheme: string, end = '') =>
        `${scheme}://play.example.com/live/${streamName}${end}?n=${signed.length}`
      return {
        rtmp: at('rtmp'),
        flv: at('https', '.flv'),
        hls: at('https', '.m3u8'),
        webrtc: at('webrtc'),
        ...{ expiresAt: 'not an address' },
      }
    },
  }
  return { signed, signer }
}

async function opened(more: Partial<CssStreamOptions> = {}, cssCustomPushUrl?: string) {
  const { signed, signer } = createSigner()
  const plugins = [cssStream({ signer, ...more })]
  const { ivh, clock, transport } = await createTestClient(
    { script: { statsession: () => ({ payload: { SessionStatus: 1 } }) } },
    { plugins },
  )
  const opening = ivh.sessions.open({ ...anyOpen, cssCustomPushUrl })
  await clock.advance(1_000)
  return { signed, session: await opening, request: transport.calls[0]?.payload }
}

describe('cssStream', () => {
  const streamName = 'm00000000000000000000000000000001'

  it('signs a push URL for a stream of the session', async () => {
    const { signed, request } = await opened()
    expect(signed).toEqual([`push ${streamName} 86400`])
    expect(request).toMatchObject({
      ProtocolOption: {
        CssCustomPushUrl: `rtmp://push.example.com/live/${streamName}?txSecret=${md5}&txTime=7FFFFFFF`,
      },
    })
  })

  it('signs the playback addresses at each read', async () => {
    const { signed, session } = await opened()
    const at = (n: number) => ({
      rtmp: `rtmp://play.example.com/live/${streamName}?n=${n}`,
      flv: `https://play.example.com/live/${streamName}.flv?n=${n}`,
      hls: `https://play.example.com/live/${streamName}.m3u8?n=${n}`,
      webrtc: `webrtc://play.example.com/live/${streamName}?n=${n}`,
    })
    expect(session.playback).toEqual(at(2))
    expect(session.playback).toEqual(at(3))
    expect(signed.slice(1)).toEqual([`play ${streamName} 3600`, `play ${streamName} 3600`])
  })

  it('uses the stream name and the lifetimes of its options', async () => {
    const { signed, session } = await opened({
      streamName: (id) => `kiosk-${id.slice(-1)}`,
      pushExpiresIn: 60,
      playExpiresIn: 30,
    })
    expect(session.playback.flv).toContain('/live/kiosk-1.flv')
    expect(signed).toEqual(['push kiosk-1 60', 'play kiosk-1 30'])
  })

  it('does not change a request that has its own push URL', async () => {
    const own = `rtmp://own.example.com/live/mine?txSecret=${md5}&txTime=7FFFFFFF`
    const { signed, session, request } = await opened({}, own)
    expect(signed).toEqual([])
    expect(request).toMatchObject({ ProtocolOption: { CssCustomPushUrl: own } })
    expect(session.playback).toEqual({})
  })

  it('keeps the other members of ProtocolOption', () => {
    const { signer } = createSigner()
    const draft = {
      AssetVirtualmanKey: 'a',
      UserId: 'u',
      Protocol: 'trtc',
      DriverType: 1,
      ProtocolOption: { TrtcRoomId: 5 },
    } as const
    const { signal } = new AbortController()
    const context = { signal, now: () => 0, createId: () => 'id', openId: 'o' }
    expect(cssStream({ signer }).onOpen?.(draft, context)).toMatchObject({
      request: { ProtocolOption: { TrtcRoomId: 5, CssCustomPushUrl: expect.any(String) } },
    })
    expect(draft.ProtocolOption).toEqual({ TrtcRoomId: 5 })
  })
})
