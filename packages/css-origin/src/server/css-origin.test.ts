import { once } from 'node:events'
import { connect, type Socket } from 'node:net'
import { systemClock } from '@ivh-kit/kernel'
import { createFakeClock, RecordingLogger } from '@ivh-kit/kernel/testing'
import { afterEach, describe, expect, it } from 'vitest'
import { FlvReader } from '../flv/flv-reader'
import { avcKeyFrame, avcSequenceHeader } from '../flv/media-payload'
import { commandMessage, readCommand, readStatus } from '../rtmp/command'
import { RtmpConnection } from '../rtmp/connection'
import { openPublisher, type RtmpPublisher } from '../rtmp/publisher'
import { type CssOrigin, createCssOrigin } from './css-origin'
import type { CssOriginOptions } from './origin-options'

const key = 'the+push/key'
/** 2026-11-23, a fixed moment. */
const startTime = Date.UTC(2026, 10, 23)

const cleanups: (() => Promise<void>)[] = []
afterEach(async () => {
  for (const cleanup of cleanups.splice(0).reverse()) await cleanup()
})

async function start(options: CssOriginOptions = {}): Promise<CssOrigin> {
  const origin = await createCssOrigin({
    clock: { ...systemClock, now: () => startTime },
    ...options,
  })
  cleanups.push(() => origin.close())
  return origin
}

async function publish(url: string): Promise<RtmpPublisher> {
  const publisher = await openPublisher({
    url,
    clock: systemClock,
    timeoutMs: 5000,
    maxQueuedBytes: 1e9,
  })
  cleanups.push(() => publisher.close())
  publisher.sendHeader({ type: 9, timestamp: 0, payload: avcSequenceHeader(Buffer.of(1)) })
  publisher.sendHeader({ type: 9, timestamp: 7000, payload: avcKeyFrame(Buffer.of(2)) })
  return publisher
}

async function until(condition: () => boolean): Promise<void> {
  while (!condition()) await new Promise((resolve) => setImmediate(resolve))
}

/** Waits until the written bytes have arrived. */
async function turns(): Promise<void> {
  for (let turn = 0; turn < 20; turn++) await new Promise((resolve) => setImmediate(resolve))
}

async function live(origin: CssOrigin, name = 'm1'): Promise<RtmpPublisher> {
  const publisher = await publish(origin.push(name))
  await until(() => origin.streams().some((stream) => stream.name === name && stream.videoTags > 0))
  return publisher
}

function raw(origin: CssOrigin): Socket {
  const [host = '', port = ''] = origin.domain.split(':')
  const socket = connect(Number(port), host)
  socket.on('error', () => undefined)
  cleanups.push(async () => {
    socket.destroy()
  })
  return socket
}

async function refusal(promise: Promise<unknown>): Promise<string> {
  return promise.then(
    () => 'accepted',
    (error: unknown) => String(error),
  )
}

/** Publishes a name that no push address can hold, and returns the server's answer. */
async function publishName(origin: CssOrigin, name: string): Promise<string> {
  const socket = raw(origin)
  return new Promise((resolve) => {
    const connection = new RtmpConnection(socket, {
      role: 'client',
      onReady: () =>
        connection.send(
          commandMessage({ name: 'connect', transaction: 1, args: [{ app: 'live' }] }),
          commandMessage({ name: 'createStream', transaction: 2, args: [null] }),
          commandMessage({ name: 'publish', transaction: 3, args: [null, name, 'live'] }, 1),
        ),
      onMessage: (message) => {
        const command = readCommand(message)
        if (command?.name === 'onStatus') resolve(readStatus(command).description)
      },
      onClose: () => resolve('closed'),
    })
  })
}

describe('CSS origin', () => {
  it('speaks RTMP and HTTP on one port', async () => {
    const origin = await start()
    expect(origin.url).toBe(`http://${origin.domain}`)
    await live(origin)
    expect(origin.streams()).toEqual([
      {
        app: 'live',
        name: 'm1',
        publishedAt: new Date(startTime),
        viewers: 0,
        bytesIn: 12,
        videoTags: 1,
        audioTags: 0,
      },
    ])
    const health = await fetch(`${origin.url}/health`)
    expect(await health.json()).toEqual({ ok: true, streams: 1 })
  })

  it('accepts an HTTP request whose first byte arrives alone', async () => {
    const origin = await start()
    const socket = raw(origin)
    socket.setNoDelay(true)
    socket.write('G')
    await new Promise((resolve) => setImmediate(resolve))
    socket.write('ET /health HTTP/1.1\r\nHost: x\r\n\r\n')
    const [answer] = await once(socket, 'data')
    expect(String(answer)).toMatch(/^HTTP\/1.1 200/)
  })

  describe('push signatures', () => {
    it('accepts a signed push, also with the backup key', async () => {
      const origin = await start({ pushKeys: [key] })
      const other = await start({ pushKeys: ['newKey', key] })
      await live(origin)
      const signed = origin.push('m2').replace(origin.domain, other.domain)
      await publish(signed)
      expect(other.streams()[0]?.name).toBe('m2')
    })

    const bad: readonly (readonly [string, (url: string) => string, string])[] = [
      ['no signature', (url) => url.replace(/\?.*/, ''), 'txSecret or txTime is missing'],
      [
        'a signature of another name',
        (url) => url.replace('/m1', '/m2'),
        'txSecret does not match',
      ],
      ['no txTime', (url) => url.replace(/&txTime=.*/, ''), 'txSecret or txTime is missing'],
      [
        'a malformed txTime',
        (url) => url.replace(/txTime=.*/, 'txTime=soon'),
        'txTime is malformed',
      ],
    ]
    it.each(bad)('refuses a push: %s', async (_name, spoil, reason) => {
      const logger = new RecordingLogger()
      const origin = await start({ pushKeys: [key], logger })
      const good = origin.push('m1')
      const secret = new URL(good.replace('rtmp:', 'http:')).searchParams.get('txSecret') ?? ''
      const error = await refusal(publish(spoil(good)))
      expect(error).toContain('NetStream.Publish.BadName')
      expect(error).toContain(reason)
      expect(logger.text).toContain(reason)
      for (const text of [error, logger.text]) {
        expect(text).not.toContain(secret)
        expect(text).not.toContain(key)
      }
      expect(origin.streams()).toEqual([])
    })

    it('refuses an expired push', async () => {
      let now = startTime
      const origin = await start({ pushKeys: [key], clock: { ...systemClock, now: () => now } })
      const url = origin.push('m1')
      now += 86_400_001
      expect(await refusal(publish(url))).toContain('txTime has passed')
    })

    it('keeps a running push after its txTime', async () => {
      let now = startTime
      const origin = await start({ pushKeys: [key], clock: { ...systemClock, now: () => now } })
      await live(origin)
      now += 10 * 86_400_000
      expect(origin.streams()).toHaveLength(1)
    })

    it('refuses more than two keys', async () => {
      await expect(createCssOrigin({ pushKeys: ['a', 'b', 'c'] })).rejects.toThrow(
        'pushKeys has 3 keys',
      )
    })
  })

  it('reserves a name while its publisher is connected', async () => {
    const origin = await start()
    const first = await live(origin)
    expect(await refusal(publish(origin.push('m1')))).toContain('stream m1 is already live')
    expect(origin.streams()).toHaveLength(1)
    await first.close()
    await until(() => origin.streams().length === 0)
    await live(origin)
  })

  it.each(['a b', '测试', 'a%2Fb', '..', 'a'.repeat(256)])(
    'refuses the stream name %s, which has no play addresses, also without keys',
    async (name) => {
      const origin = await start()
      expect(await publishName(origin, name)).toContain('the stream name is malformed')
      expect(origin.streams()).toEqual([])
    },
  )

  it('logs the track that cannot be played', async () => {
    const logger = new RecordingLogger()
    const origin = await start({ logger })
    const publisher = await live(origin)
    publisher.send([{ type: 8, timestamp: 7000, payload: Buffer.of(0x72, 1) }])
    await until(() => logger.text.includes('track not playable'))
    expect(logger.text).toContain('G.711 A-law')
  })

  it('refuses another application', async () => {
    const origin = await start({ appName: 'studio' })
    const url = `rtmp://${origin.domain}/live/m1`
    expect(await refusal(publish(url))).toContain('application live is unknown: use studio')
    expect(origin.push('m1')).toContain('/studio/m1')
  })

  it('limits the number of streams', async () => {
    const origin = await start({ limits: { maxStreams: 1 } })
    await live(origin)
    expect(await refusal(publish(origin.push('m2')))).toContain('limit of 1 live streams')
  })

  describe('HTTP-FLV', () => {
    it('sends the header first, then a key frame at time 0', async () => {
      const origin = await start()
      const publisher = await live(origin)
      const response = await fetch(origin.play('m1'))
      expect(response.status).toBe(200)
      expect(response.headers.get('content-type')).toBe('video/x-flv')
      expect(response.headers.get('cache-control')).toContain('no-cache')
      expect(response.headers.get('access-control-allow-origin')).toBe('*')
      await publisher.close()
      const tags = new FlvReader().push(new Uint8Array(await response.arrayBuffer()))
      expect(tags.map(({ payload, timestamp }) => [timestamp, payload[0], payload[1]])).toEqual([
        [0, 0x17, 0],
        [0, 0x17, 1],
      ])
    })

    it('returns the Origin of the page', async () => {
      const origin = await start()
      const headers = { Origin: 'https://page.example' }
      for (const path of ['/live/none.flv', '/health', '/']) {
        const response = await fetch(origin.url + path, { headers })
        expect(response.headers.get('access-control-allow-origin')).toBe('https://page.example')
        expect(response.headers.get('vary')).toContain('Origin')
      }
      const preflight = await fetch(`${origin.url}/live/m1.flv`, { method: 'OPTIONS', headers })
      expect(preflight.status).toBe(204)
    })

    it('returns 404 for a stream that is not live', async () => {
      const origin = await start()
      await live(origin)
      const response = await fetch(`${origin.url}/live/m2.flv`)
      expect(response.status).toBe(404)
      expect(await response.json()).toEqual({
        error: 'stream not found',
        reason: expect.stringContaining('the stream live/m2 is not live'),
        live: ['live/m1'],
      })
      expect((await fetch(`${origin.url}/live/m1.mp4`)).status).toBe(404)
    })

    it('reports with HEAD whether a stream is live', async () => {
      const origin = await start()
      await live(origin)
      const there = await fetch(origin.play('m1'), { method: 'HEAD' })
      expect([there.status, there.headers.get('content-type')]).toEqual([200, 'video/x-flv'])
      expect(origin.streams()[0]?.viewers).toBe(0)
      expect((await fetch(origin.play('m2'), { method: 'HEAD' })).status).toBe(404)
    })

    it('checks play signatures', async () => {
      const origin = await start({ playKeys: ['playkey'] })
      await live(origin)
      const signed = origin.play('m1')
      const good = await fetch(signed, { method: 'HEAD' })
      expect(good.status).toBe(200)
      const unsigned = await fetch(signed.replace(/\?.*/, ''))
      expect(unsigned.status).toBe(403)
      expect(await unsigned.json()).toEqual({
        error: 'play refused',
        reason: expect.stringContaining('txSecret or txTime is missing'),
      })
      expect((await fetch(signed.replace('m1.flv', 'm2.flv'))).status).toBe(403)
    })

    it('removes a viewer that disconnects', async () => {
      const origin = await start()
      await live(origin)
      const controller = new AbortController()
      await fetch(origin.play('m1'), { signal: controller.signal })
      expect(origin.streams()[0]?.viewers).toBe(1)
      controller.abort()
      await until(() => origin.streams()[0]?.viewers === 0)
    })

    it('handles pipelined requests in turn and releases all of them when the client disconnects', async () => {
      const origin = await start()
      await live(origin)
      const socket = raw(origin)
      let text = ''
      socket.on('data', (bytes) => {
        text += bytes.toString('latin1')
      })
      const get = (path: string): string => `GET ${path} HTTP/1.1\r\nHost: x\r\n\r\n`
      socket.write(`${get('/health')}${get('/live/none.flv')}${get('/live/m1.flv').repeat(10)}`)
      await until(() => text.includes('video/x-flv'))
      expect(text.match(/HTTP\/1.1 \d+/g)).toEqual(['HTTP/1.1 200', 'HTTP/1.1 404', 'HTTP/1.1 200'])
      expect(origin.streams()[0]?.viewers).toBe(1)
      socket.destroy()
      await until(() => origin.streams()[0]?.viewers === 0)
    })

    it('disconnects a client with too many pipelined requests', async () => {
      const origin = await start()
      await live(origin)
      const socket = raw(origin)
      socket.resume()
      socket.write('GET /live/m1.flv HTTP/1.1\r\nHost: x\r\n\r\n'.repeat(200))
      await once(socket, 'close')
      await until(() => origin.streams()[0]?.viewers === 0)
      expect((await fetch(`${origin.url}/health`)).status).toBe(200)
    })

    it('drops a viewer that does not read and keeps the others', async () => {
      const logger = new RecordingLogger()
      const origin = await start({ logger, limits: { maxViewerQueueBytes: 300_000 } })
      const publisher = await live(origin)
      const stalled = raw(origin)
      stalled.pause()
      stalled.write('GET /live/m1.flv HTTP/1.1\r\nHost: x\r\n\r\n')
      const healthy = await fetch(origin.play('m1'))
      const reader = new FlvReader()
      let received = 0
      const reading = (async () => {
        for await (const bytes of healthy.body ?? []) received += reader.push(bytes).length
      })()
      await until(() => origin.streams()[0]?.viewers === 2)
      const picture = avcKeyFrame(Buffer.alloc(50_000))
      let sent = 0
      while (origin.streams()[0]?.viewers === 2) {
        publisher.send([{ type: 9, timestamp: 7000 + sent, payload: picture }])
        sent += 1
        await until(() => received >= sent)
      }
      expect(logger.text).toContain('viewer dropped: it reads too slowly')
      const before = received
      publisher.send([{ type: 9, timestamp: 7000 + sent, payload: picture }])
      await until(() => received > before)
      await publisher.close()
      await reading
    })
  })

  describe('a rotation of keys', () => {
    it('refuses addresses of a removed key and keeps connected clients', async () => {
      const origin = await start({ pushKeys: ['old'], playKeys: ['oldplay'] })
      const publisher = await live(origin)
      const [push, play] = [origin.push('m2'), origin.play('m1')]
      const watching = await fetch(play)
      origin.replaceKeys({ pushKeys: ['new', 'old'], playKeys: ['newplay', 'oldplay'] })
      expect((await fetch(play, { method: 'HEAD' })).status).toBe(200)
      const other = await publish(push)
      await other.close()
      origin.replaceKeys({ pushKeys: ['new'], playKeys: ['newplay'] })
      expect((await fetch(play, { method: 'HEAD' })).status).toBe(403)
      expect(await refusal(publish(push))).toContain('txSecret does not match')
      expect((await fetch(origin.play('m1'), { method: 'HEAD' })).status).toBe(200)
      expect(origin.streams()[0]).toMatchObject({ name: 'm1', viewers: 1 })
      await publisher.close()
      expect((await watching.arrayBuffer()).byteLength).toBeGreaterThan(20)
    })

    it('refuses invalid keys and keeps the old ones', async () => {
      const origin = await start({ playKeys: ['playkey'] })
      await live(origin)
      const play = origin.play('m1')
      expect(() => origin.replaceKeys({ playKeys: ['not a key!'] })).toThrow('playKey')
      expect(() => origin.replaceKeys({ pushKeys: ['a', 'b', 'c'] })).toThrow('3 keys')
      expect(() => origin.replaceKeys({ playKeys: ['good', 'not a key!'] })).toThrow(
        'playBackupKey',
      )
      expect(() => origin.replaceKeys({ pushKeys: ['new', ''] })).toThrow('pushBackupKey')
      expect(() => origin.replaceKeys({ pushKeys: ['new'], playKeys: ['a', 'b', 'c'] })).toThrow(
        'playKeys has 3 keys',
      )
      await live(origin, 'm2')
      expect((await fetch(play, { method: 'HEAD' })).status).toBe(200)
    })
  })

  it('adds the validity period of the play domain to txTime', async () => {
    let now = startTime
    const origin = await start({
      playKeys: ['playkey'],
      playAuthDelta: 300,
      clock: { ...systemClock, now: () => now },
    })
    await live(origin)
    const play = origin.play('m1')
    now += 7_200_000 + 299_000
    expect((await fetch(play, { method: 'HEAD' })).status).toBe(200)
    now += 2000
    const late = await fetch(play)
    expect([late.status, await late.text()]).toEqual([
      403,
      expect.stringContaining('txTime has passed'),
    ])
  })

  it('lets a newer push take the name with secondPublisher replace', async () => {
    const origin = await start({ secondPublisher: 'replace' })
    const first = await live(origin)
    const watching = await fetch(origin.play('m1'))
    const second = await publish(origin.push('m1'))
    expect(await first.closed).toContain('another publisher took the stream name')
    expect((await watching.arrayBuffer()).byteLength).toBeGreaterThan(20)
    await until(() => (origin.streams()[0]?.videoTags ?? 0) > 0)
    expect(origin.streams()).toHaveLength(1)
    expect((await fetch(origin.play('m1'), { method: 'HEAD' })).status).toBe(200)
    await second.close()
  })

  describe('HLS', () => {
    const avcc = Buffer.from('01420016ffe1000a67420016a680a02ff95001000468ce3c80', 'hex')
    async function pictures(origin: CssOrigin): Promise<RtmpPublisher> {
      const publisher = await publish(origin.push('m1'))
      publisher.sendHeader({ type: 9, timestamp: 0, payload: avcSequenceHeader(avcc) })
      for (let timestamp = 0; timestamp <= 3000; timestamp += 40) {
        const payload = avcKeyFrame(Buffer.from('000000026588', 'hex'))
        publisher.sendHeader({ type: 9, timestamp, payload })
      }
      await until(() => origin.streams()[0]?.videoTags === 77)
      return publisher
    }

    it('serves a playlist and signed segments until the end of the stream', async () => {
      const origin = await start({ playKeys: ['playkey'] })
      const publisher = await pictures(origin)
      const { hls } = origin.playUrls('m1')
      const asked = fetch(hls)
      await until(() => origin.streams()[0]?.viewers === 1)
      await publisher.close()
      const response = await asked
      expect(response.status).toBe(200)
      expect(response.headers.get('content-type')).toBe('application/vnd.apple.mpegurl')
      expect(response.headers.get('cache-control')).toBe('no-cache, no-store')
      expect(response.headers.get('access-control-allow-origin')).toBe('*')
      const text = await response.text()
      expect(text).toMatch(/#EXT-X-ENDLIST\n$/)
      const [uri = ''] = text.match(/^m1-\d+\.ts\?txSecret=\w+&txTime=\w+$/m) ?? []
      const segment = await fetch(new URL(uri, hls))
      expect([segment.status, segment.headers.get('content-type')]).toEqual([200, 'video/mp2t'])
      const bytes = new Uint8Array(await segment.arrayBuffer())
      expect([bytes.length % 188, bytes[0]]).toEqual([0, 0x47])
      expect(segment.headers.get('access-control-allow-origin')).toBe('*')
      const head = await fetch(new URL(uri, hls), { method: 'HEAD' })
      expect([head.status, head.headers.get('content-length')]).toEqual([200, `${bytes.length}`])
      const bare = await fetch(new URL(uri.replace(/\?.*/, ''), hls))
      expect([bare.status, (await fetch(hls.replace(/\?.*/, ''))).status]).toEqual([403, 403])
      origin.replaceKeys({ playKeys: ['other'] })
      expect((await fetch(new URL(uri, hls))).status).toBe(403)
    })

    it('returns 404 for unknown streams and segments', async () => {
      const origin = await start()
      await live(origin)
      expect((await fetch(`${origin.url}/live/m2.m3u8`)).status).toBe(404)
      expect((await fetch(`${origin.url}/live/m1-5.ts`)).status).toBe(404)
    })
  })

  describe('HTTP connections', () => {
    const request = 'GET /health HTTP/1.1\r\nHost: x\r\n\r\n'

    it('keeps a connection for the next request until the timeout', async () => {
      const { clock, timers } = createFakeClock()
      const origin = await start({ clock })
      const socket = raw(origin)
      for (let count = 0; count < 3; count++) {
        socket.write(request)
        const [answer] = await once(socket, 'data')
        expect(String(answer)).toMatch(/^HTTP\/1.1 200/)
      }
      await until(() => timers.countTimers() === 1)
      timers.tick(10_001)
      await once(socket, 'close')
      expect(timers.countTimers()).toBe(0)
    })

    it('closes a connection with an unread body after the timeout', async () => {
      const { clock, timers } = createFakeClock()
      const origin = await start({ clock })
      const socket = raw(origin)
      const head = 'POST /webrtc/v1/reportquality HTTP/1.1\r\nHost: x\r\nContent-Length: 4\r\n\r\n'
      socket.write(`${head}{`)
      const [answer] = await once(socket, 'data')
      expect(String(answer)).toMatch(/^HTTP\/1.1 200/)
      socket.write('   ')
      await turns()
      expect(timers.countTimers()).toBe(1)
      timers.tick(10_001)
      await once(socket, 'close')
      expect(timers.countTimers()).toBe(0)
    })
  })

  it('lists the live streams on the status page', async () => {
    const origin = await start()
    expect(await (await fetch(origin.url)).text()).toContain('No live streams')
    await live(origin)
    expect(await (await fetch(origin.url)).text()).toContain('href="/live/m1.flv"')
  })

  describe('hostile clients', () => {
    it('disconnects garbage that starts like RTMP and logs the reason', async () => {
      const logger = new RecordingLogger()
      const origin = await start({ logger })
      const socket = raw(origin)
      socket.resume()
      socket.write(Buffer.concat([Buffer.of(3), Buffer.alloc(4000, 0xff)]))
      await once(socket, 'close')
      expect(logger.text).toContain('RTMP connection closed')
      expect((await fetch(`${origin.url}/health`)).status).toBe(200)
    })

    it('sends an HTTP error for garbage of neither protocol', async () => {
      const logger = new RecordingLogger()
      const origin = await start({ logger })
      const socket = raw(origin)
      socket.write(Buffer.alloc(100, 0xee))
      const [answer] = await once(socket, 'data')
      expect(String(answer)).toContain('400 Bad Request')
      await until(() => logger.text.includes('HTTP connection closed'))
    })

    it.each([
      ['sends nothing', ''],
      ['stops during a handshake', '\x03abc'],
      ['stops during a request', 'GET /live'],
      [
        'stops during a body',
        'POST /webrtc/v1/pullstream HTTP/1.1\r\nHost: x\r\nContent-Length: 100\r\n\r\n{',
      ],
    ])('disconnects a client that %s', async (_name, bytes) => {
      const { clock, timers } = createFakeClock()
      const origin = await start({ clock })
      const socket = raw(origin)
      socket.resume()
      await once(socket, 'connect')
      socket.write(Buffer.from(bytes, 'latin1'))
      await until(() => timers.countTimers() > 0)
      // Let the bytes arrive, then let time pass.
      await turns()
      timers.tick(10_001)
      await once(socket, 'close')
      expect(timers.countTimers()).toBe(0)
    })
  })

  it('disconnects publishers and viewers on close, which may be called again', async () => {
    const origin = await start()
    const publisher = await live(origin)
    const response = await fetch(origin.play('m1'))
    await Promise.all([origin.close(), origin.close()])
    await publisher.closed
    expect(await refusal(response.arrayBuffer())).toMatch(/accepted|terminated/)
    await origin.close()
    expect(await refusal(fetch(`${origin.url}/health`))).toContain('fetch failed')
  })

  it('refuses invalid options before it listens', async () => {
    await expect(createCssOrigin({ playKeys: ['not a key!'] })).rejects.toThrow('playKey')
    await expect(createCssOrigin({ playKeys: ['good', ''] })).rejects.toThrow('playBackupKey')
    await expect(createCssOrigin({ pushKeys: [''] })).rejects.toThrow('pushKey')
    await expect(createCssOrigin({ pushKeys: ['good', ''] })).rejects.toThrow('pushBackupKey')
    for (const playAuthDelta of [-1, Number.NaN]) {
      await expect(createCssOrigin({ playAuthDelta })).rejects.toThrow('authDelta')
    }
    await expect(createCssOrigin({ appName: 'a b' })).rejects.toThrow('AppName')
    await expect(createCssOrigin({ publicHost: 'http://x' })).rejects.toThrow('host name')
  })

  it('rejects when the port is in use', async () => {
    const origin = await start()
    const port = Number(origin.domain.split(':')[1])
    await expect(createCssOrigin({ port })).rejects.toThrow('EADDRINUSE')
  })
})

describe('options from untyped callers', () => {
  it.each([
    [{ pushKey: ['k'] }, 'createCssOrigin has no option "pushKey". Did you mean pushKeys?'],
    [
      { limits: { maxStream: 1 } },
      'createCssOrigin({ limits }) has no option "maxStream". Did you mean maxStreams?',
    ],
    [
      { lebErrorCodes: { badrequest: 1 } },
      'createCssOrigin({ lebErrorCodes }) has no option "badrequest". Did you mean badRequest?',
    ],
  ])('rejects the unknown option in %j', async (options, message) => {
    const origin = createCssOrigin(options as CssOriginOptions)
    await expect(origin).rejects.toMatchObject({
      name: 'IvhConfigError',
      code: 'unknown-option',
      message,
    })
  })

  it.each([
    [{ port: '80' }, 'port must be a whole number from 0 to 65535'],
    [{ host: 1 }, 'host must be a text'],
    [{ pushKeys: 'k' }, 'pushKeys must be an array of texts'],
    [{ clock: { now: Date.now } }, 'clock must be an object with now and after'],
    [{ limits: null }, 'createCssOrigin({ limits }) takes an object of options, got null'],
    [{ limits: { maxStreams: '1' } }, 'maxStreams is of type string'],
    [{ hlsSegmentMs: 0 }, 'hlsSegmentMs is 0'],
    [{ secondPublisher: 'keep' }, "secondPublisher must be 'refuse' or 'replace'"],
  ])('rejects the wrong type in %j', async (options, message) => {
    const origin = createCssOrigin(options as unknown as CssOriginOptions)
    await expect(origin).rejects.toMatchObject({
      name: 'IvhConfigError',
      code: 'invalid-option',
      message: expect.stringContaining(message),
    })
  })
})
