import { Decoder } from '@evan/opus'
import { systemClock } from '@ivh-kit/kernel'
import { createFakeClock } from '@ivh-kit/kernel/testing'
import { afterEach, describe, expect, it } from 'vitest'
import { RTCPeerConnection, RTCRtpCodecParameters, type RtpPacket, useH264, useOPUS } from 'werift'
import { avcKeyFrame, avcSequenceHeader } from '../flv/media-payload'
import { openPublisher, type RtmpPublisher } from '../rtmp/publisher'
import { type CssOrigin, createCssOrigin } from './css-origin'
import type { CssOriginOptions } from './origin-options'

const avcc = Buffer.from('01420016ffe1000a67420016a680a02ff95001000468ce3c80', 'hex')
const patienceMs = 20_000

const cleanups: (() => unknown)[] = []
afterEach(async () => {
  for (const cleanup of cleanups.splice(0).reverse()) await cleanup()
})

async function start(options: CssOriginOptions = {}): Promise<CssOrigin> {
  const origin = await createCssOrigin(options)
  cleanups.push(() => origin.close())
  return origin
}

/** Publishes a picture every 40 ms until the end of the test, with a tone as the speech. */
async function publish(origin: CssOrigin, speaks = true): Promise<RtmpPublisher> {
  const publisher = await openPublisher({
    url: origin.push('m1'),
    clock: systemClock,
    timeoutMs: 5000,
    maxQueuedBytes: 1e9,
  })
  publisher.sendHeader({ type: 9, timestamp: 0, payload: avcSequenceHeader(avcc) })
  let timestamp = 0
  const payload = avcKeyFrame(
    Buffer.concat([Buffer.from('00000bb965', 'hex'), Buffer.alloc(3000, 7)]),
  )
  const timer = setInterval(() => {
    for (const at of speaks ? [timestamp, timestamp + 20] : []) {
      const tone = (index: number): number => 8000 * Math.sin((at * 16 + index) * 0.2)
      const samples = Int16Array.from({ length: 320 }, (_, index) => tone(index))
      origin.offerPcm('m1', { timestampMs: at, samples })
    }
    publisher.send([{ type: 9, timestamp, payload }])
    timestamp += 40
  }, 40)
  cleanups.push(async () => {
    clearInterval(timer)
    await publisher.close()
  })
  await until(() => (origin.streams()[0]?.videoTags ?? 0) > 0)
  return publisher
}

async function until(condition: () => boolean): Promise<void> {
  while (!condition()) await new Promise((resolve) => setTimeout(resolve, 5))
}

interface ViewerSide {
  readonly connection: RTCPeerConnection
  readonly offer: string
  readonly video: RtpPacket[]
  readonly audio: RtpPacket[]
}

async function viewer(
  video: RTCRtpCodecParameters = useH264(),
  kinds: readonly ('audio' | 'video')[] = ['audio', 'video'],
): Promise<ViewerSide> {
  const connection = new RTCPeerConnection({
    iceServers: [],
    iceUseIpv6: false,
    iceAdditionalHostAddresses: ['127.0.0.1'],
    bundlePolicy: 'max-bundle',
    codecs: { audio: [useOPUS()], video: [video] },
  })
  cleanups.push(() => connection.close())
  const side: ViewerSide = { connection, offer: '', video: [], audio: [] }
  connection.onTrack.subscribe((track) => {
    const into = track.kind === 'video' ? side.video : side.audio
    track.onReceiveRtp.subscribe((packet) => into.push(packet))
  })
  for (const kind of kinds) connection.addTransceiver(kind, { direction: 'recvonly' })
  const { sdp } = await connection
    .setLocalDescription(await connection.createOffer())
    .then(() => connection.localDescription ?? { sdp: '' })
  return Object.assign(side, { offer: sdp })
}

interface LebAnswer {
  readonly errcode: number
  readonly errmsg: string
  readonly remotesdp?: { readonly type: string; readonly sdp: string }
  readonly svrsig?: string
}

async function leb(origin: CssOrigin, call: string, body: unknown): Promise<LebAnswer> {
  const response = await fetch(`${origin.url}/webrtc/v1/${call}`, {
    method: 'POST',
    headers: { 'Content-Type': 'text/plain;charset=utf-8', Origin: 'https://page.example' },
    body: typeof body === 'string' ? body : JSON.stringify(body),
  })
  expect(response.status).toBe(200)
  expect(response.headers.get('access-control-allow-origin')).toBe('https://page.example')
  const answer: LebAnswer = JSON.parse(await response.text())
  return answer
}

const pull = (streamurl: string, sdp: string, more: object = {}) => ({
  streamurl,
  sessionid: 'a1b2',
  clientinfo: 'test',
  localsdp: { type: 'offer', sdp },
  ...more,
})

describe('LEB', { timeout: patienceMs }, () => {
  it('plays picture and speech after pullstream until stopstream', async () => {
    const origin = await start({ playKeys: ['playkey'] })
    await publish(origin)
    const side = await viewer()
    const { webrtc } = origin.playUrls('m1')
    const answer = await leb(origin, 'pullstream', pull(webrtc, side.offer))
    expect(answer).toEqual({
      errcode: 0,
      errmsg: 'success',
      remotesdp: { type: 'answer', sdp: expect.stringContaining('v=0') },
      svrsig: expect.any(String),
    })
    const sdp = answer.remotesdp?.sdp ?? ''
    const candidates = sdp.match(/^a=candidate:.*$/gm) ?? []
    expect(candidates.length).toBeGreaterThan(0)
    for (const candidate of candidates) expect(candidate).toContain(' 127.0.0.1 ')
    await side.connection.setRemoteDescription({ type: 'answer', sdp })
    await until(() => side.video.length > 30 && side.audio.length > 30)
    expect(origin.streams()[0]?.viewers).toBe(1)

    // Parameter sets, then a slice in fragments; the marker closes the picture.
    const first = side.video.findIndex(({ payload }) => ((payload[0] ?? 0) & 0x1f) === 24)
    expect(
      side.video
        .slice(first, first + 4)
        .map(({ header, payload }) => [(payload[0] ?? 0) & 0x1f, header.marker]),
    ).toEqual([
      [24, false],
      [28, false],
      [28, false],
      [28, true],
    ])
    const step = (packets: readonly RtpPacket[]): Set<number> =>
      new Set(
        packets
          .slice(1)
          .map(
            ({ header }, index) =>
              (header.timestamp - (packets[index]?.header.timestamp ?? 0)) >>> 0,
          ),
      )
    expect(step(side.audio)).toEqual(new Set([960]))
    expect(step(side.video.filter(({ header }) => header.marker))).toEqual(new Set([3600]))

    const decoder = new Decoder({ channels: 1, sample_rate: 16_000 })
    let loudest = 0
    for (const { payload } of side.audio) {
      const pcm = Buffer.from(decoder.decode(payload))
      for (let at = 0; at < pcm.length; at += 2) loudest = Math.max(loudest, pcm.readInt16LE(at))
    }
    expect(loudest).toBeGreaterThan(4000)

    const { svrsig } = answer
    const stopped = await leb(origin, 'stopstream', { streamurl: webrtc, svrsig })
    expect(stopped).toEqual({ errcode: 0, errmsg: 'success' })
    expect(origin.streams()[0]?.viewers).toBe(0)
    expect((await leb(origin, 'stopstream', { streamurl: webrtc, svrsig })).errcode).toBe(0)
  })

  it.each([
    [['audio'], false, true],
    [['video'], true, false],
  ] as const)('plays to a viewer that wants only %s', async (kinds, hasVideo, hasAudio) => {
    const origin = await start()
    await publish(origin)
    const side = await viewer(useH264(), kinds)
    const { webrtc } = origin.playUrls('m1')
    const { remotesdp } = await leb(origin, 'pullstream', pull(webrtc, side.offer))
    await side.connection.setRemoteDescription({ type: 'answer', sdp: remotesdp?.sdp ?? '' })
    await until(() => side.video.length + side.audio.length > 20)
    expect([side.video.length > 0, side.audio.length > 0]).toEqual([hasVideo, hasAudio])
  })

  it('sends silence for the sound of a stream before the first words', async () => {
    const origin = await start()
    const publisher = await publish(origin, false)
    publisher.sendHeader({ type: 8, timestamp: 0, payload: Buffer.of(0xaf, 0, 0x11, 0x88) })
    const side = await viewer()
    const { webrtc } = origin.playUrls('m1')
    const { remotesdp } = await leb(origin, 'pullstream', pull(webrtc, side.offer))
    await side.connection.setRemoteDescription({ type: 'answer', sdp: remotesdp?.sdp ?? '' })
    await until(() => side.audio.length > 20)
  })

  it('accepts sessionId, as trtc-sdk-v5 spells it', async () => {
    const origin = await start()
    await publish(origin)
    const side = await viewer()
    const { sessionid: sessionId, ...others } = pull(origin.playUrls('m1').webrtc, side.offer)
    expect((await leb(origin, 'pullstream', { ...others, sessionId })).errcode).toBe(0)
  })

  it('returns 100010 for a stream that is not live', async () => {
    const origin = await start()
    const side = await viewer()
    const { webrtc } = origin.playUrls('m1')
    const answer = await leb(origin, 'pullstream', pull(webrtc, side.offer))
    expect(answer).toEqual({ errcode: 100010, errmsg: expect.stringContaining('is not live') })
  })

  it('refuses a missing, wrong or expired signature', async () => {
    let now = Date.now()
    const origin = await start({ playKeys: ['playkey'], clock: { ...systemClock, now: () => now } })
    await publish(origin)
    const { webrtc } = origin.playUrls('m1')
    const ask = async (url: string) => {
      const { errcode, errmsg } = await leb(origin, 'pullstream', pull(url, 'v=0'))
      expect(errcode).toBe(403)
      return errmsg
    }
    expect(await ask(webrtc.replace(/\?.*/, ''))).toContain('is missing')
    expect(await ask(webrtc.replace('/m1?', '/m2?'))).toContain('txSecret does not match')
    now += 7_300_000
    expect(await ask(webrtc)).toContain('txTime has passed')
  })

  it.each([
    ['malformed JSON', '{'],
    ['a list', '[]'],
    ['no address', pull('https://x/live/m1.flv', 'v=0')],
    ['no app', pull('webrtc://x/m1', 'v=0')],
    ['no sessionid', { ...pull('webrtc://x/live/m1', 'v=0'), sessionid: '' }],
    ['no clientinfo', { ...pull('webrtc://x/live/m1', 'v=0'), clientinfo: 5 }],
    [
      'an answer in place of an offer',
      { ...pull('webrtc://x/live/m1', ''), localsdp: { type: 'answer' } },
    ],
    ['too many bytes', 'x'.repeat(70_000)],
  ])('refuses a request with %s', async (_name, body) => {
    const origin = await start({ lebErrorCodes: { badRequest: 4711 } })
    expect((await leb(origin, 'pullstream', body)).errcode).toBe(4711)
  })

  it('returns 100011 for an invalid clientip', async () => {
    const origin = await start()
    await publish(origin)
    const { webrtc } = origin.playUrls('m1')
    const ask = async (clientip: unknown) =>
      (await leb(origin, 'pullstream', pull(webrtc, 'v=0', { clientip }))).errcode
    expect(await ask('nowhere')).toBe(100011)
    expect(await ask('192.0.2.1')).toBe(488)
    expect(await ask(null)).toBe(488)
  })

  it('refuses an offer without H.264 or without SDP', async () => {
    const origin = await start()
    await publish(origin)
    const { webrtc } = origin.playUrls('m1')
    const vp8 = new RTCRtpCodecParameters({ mimeType: 'video/VP8', clockRate: 90_000 })
    const other = await viewer(vp8)
    const answer = await leb(origin, 'pullstream', pull(webrtc, other.offer))
    expect(answer).toEqual({
      errcode: 488,
      errmsg: expect.stringContaining('must have video with H.264'),
    })
    expect((await leb(origin, 'pullstream', pull(webrtc, 'nonsense'))).errcode).toBe(488)
  })

  it('refuses a foreign svrsig and that of another stream', async () => {
    const origin = await start()
    await publish(origin)
    const side = await viewer()
    const { webrtc } = origin.playUrls('m1')
    const { svrsig } = await leb(origin, 'pullstream', pull(webrtc, side.offer))
    const stop = async (streamurl: unknown, sig: unknown) =>
      (await leb(origin, 'stopstream', { streamurl, svrsig: sig })).errcode
    expect(await stop(webrtc, undefined)).toBe(400)
    expect(await stop(webrtc, `${svrsig}0`)).toBe(400)
    expect(await stop(webrtc.replace('m1', 'm2'), svrsig)).toBe(400)
    expect(await stop(undefined, svrsig)).toBe(400)
    expect(await stop(webrtc, svrsig)).toBe(0)
  })

  it('limits the number of viewers and removes viewers that never connect', async () => {
    const { clock, timers } = createFakeClock()
    const origin = await start({ clock, limits: { maxWebRtcViewers: 1 } })
    await publish(origin)
    const { webrtc } = origin.playUrls('m1')
    const ask = async () =>
      (await leb(origin, 'pullstream', pull(webrtc, (await viewer()).offer))).errcode
    expect(await ask()).toBe(0)
    expect(await ask()).toBe(503)
    timers.tick(10_001)
    expect(await ask()).toBe(0)
  })

  it('accepts reports', async () => {
    const origin = await start()
    for (const report of ['reportquality', 'reporticestate', 'firstframeusetime']) {
      expect((await leb(origin, report, {})).errcode).toBe(0)
    }
  })

  it('allows JSON requests in the preflight', async () => {
    const origin = await start()
    const response = await fetch(`${origin.url}/webrtc/v1/pullstream`, {
      method: 'OPTIONS',
      headers: { Origin: 'https://page.example', 'Access-Control-Request-Method': 'POST' },
    })
    expect(response.headers.get('access-control-allow-methods')).toContain('POST')
    expect(response.headers.get('access-control-allow-headers')).toContain('Content-Type')
  })
})

describe('WHEP', { timeout: patienceMs }, () => {
  const sdpHeaders = { 'Content-Type': 'application/sdp' }

  /** Sends an offer in pieces, like a program that does not know its length. */
  async function postWithoutLength(url: string, pieces: readonly string[]): Promise<number> {
    const body = new ReadableStream({
      async start(controller) {
        for (const piece of pieces) {
          controller.enqueue(Buffer.from(piece))
          await new Promise((resolve) => setImmediate(resolve))
        }
        controller.close()
      },
    })
    return (await fetch(url, { method: 'POST', headers: sdpHeaders, body, duplex: 'half' })).status
  }

  it('answers an offer, accepts candidates, and ends with DELETE', async () => {
    const origin = await start({ playKeys: ['playkey'] })
    await publish(origin)
    const side = await viewer()
    const { whep } = origin.playUrls('m1')
    const response = await fetch(whep, { method: 'POST', headers: sdpHeaders, body: side.offer })
    expect([response.status, response.headers.get('content-type')]).toEqual([
      201,
      'application/sdp',
    ])
    expect(response.headers.get('access-control-expose-headers')).toContain('Location')
    const resource = new URL(response.headers.get('location') ?? '', whep)
    const sdp = await response.text()
    await side.connection.setRemoteDescription({ type: 'answer', sdp })
    await until(() => side.video.length > 5 && side.audio.length > 5)

    const patch = (body: string, type = 'application/trickle-ice-sdpfrag') =>
      fetch(resource, { method: 'PATCH', headers: { 'Content-Type': type }, body })
    const candidate = 'a=mid:0\r\na=candidate:1 1 udp 2130706431 127.0.0.1 9 typ host\r\n'
    expect((await patch(`a=ice-ufrag:abcd\r\n${candidate}`)).status).toBe(204)
    const end = 'a=ice-ufrag:abcd\r\na=ice-pwd:x\r\nm=audio 9 UDP/TLS/RTP/SAVPF 0\r\na=mid:0\r\n'
    expect((await patch(`${end}a=end-of-candidates\r\n`)).status).toBe(204)
    expect((await patch('a=ice-ufrag:new1\r\na=ice-pwd:x\r\n')).status).toBe(422)
    expect((await patch(candidate, 'text/plain')).status).toBe(415)
    expect((await fetch(resource)).status).toBe(405)
    expect((await fetch(resource, { method: 'DELETE' })).status).toBe(200)
    expect(origin.streams()[0]?.viewers).toBe(0)
    expect((await fetch(resource, { method: 'DELETE' })).status).toBe(404)
    expect((await patch(candidate)).status).toBe(404)
  })

  it('refuses malformed requests', async () => {
    const origin = await start({ playKeys: ['playkey'], limits: { maxWebRtcViewers: 0 } })
    const { whep } = origin.playUrls('m1')
    const post = async (url: string, headers: Record<string, string> = sdpHeaders, body = 'v=0') =>
      (await fetch(url, { method: 'POST', headers, body })).status
    expect(await post(whep)).toBe(404)
    await publish(origin)
    expect(await post(whep.replace(/\?.*/, ''))).toBe(403)
    expect(await post(whep, { 'Content-Type': 'text/plain' })).toBe(415)
    expect(await post(whep, sdpHeaders, 'x'.repeat(70_000))).toBe(413)
    expect(await postWithoutLength(whep, ['x'.repeat(35_000), 'x'.repeat(35_000)])).toBe(413)
    expect(await post(whep)).toBe(503)
    const roomy = await start()
    await publish(roomy)
    expect(await post(roomy.playUrls('m1').whep, sdpHeaders, 'nonsense')).toBe(400)
  })

  it.each(['POST', 'PATCH', 'DELETE', 'OPTIONS', 'GET'])(
    'answers %s without a body and with one of unknown length',
    async (method) => {
      const origin = await start()
      const url = `${origin.url}/whep/live/m1/a1b2`
      const headers = { 'Content-Type': 'application/sdp' }
      const empty = await fetch(url, { method, headers })
      expect(empty.status).toBeLessThan(500)
      if (method === 'GET') return
      const body = new Blob(['v=0']).stream()
      const chunked = await fetch(url, { method, headers, body, duplex: 'half' })
      expect(chunked.status).toBe(empty.status)
    },
  )

  it('applies the limit of viewers to a slow offer', async () => {
    const origin = await start({ limits: { maxWebRtcViewers: 1 } })
    await publish(origin)
    const { whep } = origin.playUrls('m1')
    const slowly = async (): Promise<number> => {
      const { offer } = await viewer()
      return postWithoutLength(whep, [offer.slice(0, 50), offer.slice(50)])
    }
    expect((await Promise.all([slowly(), slowly(), slowly()])).sort()).toEqual([201, 503, 503])
  })

  it('drops a viewer that vanishes within ten seconds', async () => {
    const origin = await start()
    await publish(origin)
    const { whep } = origin.playUrls('m1')
    const join = async (): Promise<ViewerSide> => {
      const side = await viewer()
      const response = await fetch(whep, { method: 'POST', headers: sdpHeaders, body: side.offer })
      await side.connection.setRemoteDescription({ type: 'answer', sdp: await response.text() })
      await until(() => side.video.length > 0)
      return side
    }
    const stays = await join()
    const vanishes = await join()
    expect(origin.streams()[0]?.viewers).toBe(2)
    // The socket closes without a DTLS alert, as when a machine loses power.
    await Promise.all(vanishes.connection.iceTransports.map(({ connection }) => connection.close()))
    const since = Date.now()
    await until(() => origin.streams()[0]?.viewers === 1)
    expect(Date.now() - since).toBeGreaterThan(7_000)
    expect(Date.now() - since).toBeLessThan(15_000)
    const before = stays.video.length
    await until(() => stays.video.length > before)
  })

  it('disconnects viewers when the stream ends', async () => {
    const origin = await start()
    const publisher = await publish(origin)
    const { whep } = origin.playUrls('m1')
    const join = async (): Promise<[ViewerSide, URL]> => {
      const side = await viewer()
      const response = await fetch(whep, { method: 'POST', headers: sdpHeaders, body: side.offer })
      const sdp = await response.text()
      await side.connection.setRemoteDescription({ type: 'answer', sdp })
      await until(() => side.video.length > 0)
      return [side, new URL(response.headers.get('location') ?? '', whep)]
    }
    await join()
    const [, resource] = await join()
    expect(origin.streams()[0]?.viewers).toBe(2)
    await publisher.close()
    await until(() => origin.streams().length === 0)
    expect((await fetch(resource, { method: 'DELETE' })).status).toBe(404)
  })
})
