import { type Duplex, duplexPair } from 'node:stream'
import { createFakeClock, RecordingLogger } from '@ivh-kit/kernel/testing'
import { describe, expect, it } from 'vitest'
import { encodeFlvTag, type FlvTag } from '../flv/flv-tag'
import type {
  PlayRequest,
  PlayResult,
  PublishRequest,
  PublishResult,
} from '../stream/stream-service'
import type { Viewer } from '../stream/viewer'
import { type Amf0Value, encodeAmf0 } from './amf0'
import { defaultChunkLimits } from './chunk-reader'
import { commandMessage, type RtmpCommand, readCommand } from './command'
import { RtmpConnection } from './connection'
import type { RtmpMessage } from './message'
import { RtmpServerSession } from './server-session'

/** A client that writes RTMP by hand, and its session. */
class Dialogue {
  readonly time = createFakeClock()
  readonly logger = new RecordingLogger()
  readonly requests: PublishRequest[] = []
  readonly tags: FlvTag[] = []
  readonly replies: RtmpCommand[] = []
  readonly controls: RtmpMessage[] = []
  endReason: string | undefined
  lost: boolean | undefined
  readonly socket: Duplex
  readonly session: RtmpServerSession
  readonly client: RtmpConnection
  closed = false
  readonly playRequests: PlayRequest[] = []
  viewer: Viewer | undefined
  playAnswer: PlayResult = {
    ok: true,
    watch: (viewer) => {
      this.viewer = viewer
      return () => {
        this.viewer = undefined
      }
    },
  }
  answer: PublishResult = {
    ok: true,
    sink: {
      push: (tag) => this.tags.push(tag),
      end: (reason, lost) => {
        this.endReason = reason
        this.lost = lost
      },
    },
  }

  constructor() {
    const [near, far] = duplexPair({ allowHalfOpen: false })
    this.socket = near
    this.session = new RtmpServerSession({
      socket: far,
      clock: this.time.clock,
      logger: this.logger,
      chunkLimits: defaultChunkLimits,
      handshakeTimeoutMs: 10_000,
      idleTimeoutMs: 70_000,
      maxViewerQueueBytes: 100_000,
      service: {
        refuseApp: (app) => (app === 'live' ? undefined : `application ${app} is unknown`),
        publish: (request) => {
          this.requests.push(request)
          return this.answer
        },
        play: (request) => {
          this.playRequests.push(request)
          return this.playAnswer
        },
      },
    })
    far.once('close', () => near.destroy())
    this.client = new RtmpConnection(near, {
      role: 'client',
      onReady: () => undefined,
      onMessage: (message) => {
        const command = readCommand(message)
        if (command) this.replies.push(command)
        else this.controls.push(message)
      },
      onClose: () => {
        this.closed = true
      },
    })
  }

  command(name: string, transaction: number, args: readonly Amf0Value[], streamId = 0): void {
    this.client.send(commandMessage({ name, transaction, args }, streamId))
  }

  media(type: number, payload: Buffer, timestamp = 0, streamId = 1): void {
    this.client.send({ chunkStreamId: 6, streamId, type, timestamp, payload })
  }

  async publish(name: string): Promise<void> {
    this.command('connect', 1, [{ app: 'live' }])
    this.command('releaseStream', 2, [null, name])
    this.command('FCPublish', 3, [null, name])
    this.command('createStream', 4, [null])
    this.command('publish', 5, [null, name, 'live'], 1)
    await this.settle()
  }

  async play(name: string): Promise<void> {
    this.command('connect', 1, [{ app: 'live' }])
    this.command('createStream', 2, [null])
    this.command('getStreamLength', 3, [null, name])
    this.command('play', 4, [null, name, -2], 1)
    await this.settle()
  }

  /** The codes of all reports so far. */
  get codes(): Amf0Value[] {
    return this.replies.filter(({ name }) => name === 'onStatus').map(({ args }) => codeOf(args[1]))
  }

  /** Waits until all sent bytes have arrived. */
  async settle(): Promise<void> {
    for (let turn = 0; turn < 20; turn++) await new Promise((resolve) => setImmediate(resolve))
  }

  status(code: string): RtmpCommand['args'][number] {
    return this.replies.map(({ args }) => args[1]).find((info) => codeOf(info) === code)
  }
}

/** A dialogue after its handshake. */
async function connected(): Promise<Dialogue> {
  const talk = new Dialogue()
  await talk.settle()
  return talk
}

function codeOf(info: Amf0Value): Amf0Value {
  return typeof info === 'object' && info !== null && 'code' in info ? info.code : undefined
}

describe('RTMP server session', () => {
  it('accepts a publisher and receives its media', async () => {
    const talk = await connected()
    await talk.publish('m1?txSecret=abc&txTime=5C271099')
    expect(
      talk.requests.map(({ app, query, streamName }) => [app, streamName, `${query}`]),
    ).toEqual([['live', 'm1', 'txSecret=abc&txTime=5C271099']])
    expect(talk.replies.map(({ name, transaction }) => [name, transaction])).toEqual([
      ['_result', 1],
      ['_result', 2],
      ['onFCPublish', 0],
      ['_result', 3],
      ['_result', 4],
      ['onStatus', 0],
    ])
    expect(talk.status('NetStream.Publish.Start')).toBeDefined()

    talk.media(18, encodeAmf0('@setDataFrame', 'onMetaData', { width: 640 }))
    talk.media(9, Buffer.of(0x17, 1, 2), 40)
    talk.media(8, Buffer.of(0xaf, 1, 2), 41)
    await talk.settle()
    expect(talk.tags).toEqual([
      { type: 18, timestamp: 0, payload: encodeAmf0('onMetaData', { width: 640 }) },
      { type: 9, timestamp: 40, payload: Buffer.of(0x17, 1, 2) },
      { type: 8, timestamp: 41, payload: Buffer.of(0xaf, 1, 2) },
    ])
  })

  it('ignores media on another message stream, empty media and other data', async () => {
    const talk = await connected()
    await talk.publish('m1')
    talk.media(9, Buffer.of(0x17, 1), 0, 7)
    talk.media(9, Buffer.alloc(0))
    talk.media(18, encodeAmf0('onCuePoint', {}))
    talk.media(18, Buffer.of(0xff, 0xff))
    await talk.settle()
    expect(talk.tags).toEqual([])
    expect(talk.closed).toBe(false)
  })

  it('sends the reason to a refused publisher and disconnects it', async () => {
    const talk = await connected()
    talk.answer = { ok: false, description: 'txTime has passed: sign again' }
    await talk.publish('m1?txSecret=topsecret&txTime=5C271099')
    expect(talk.status('NetStream.Publish.BadName')).toEqual({
      level: 'error',
      code: 'NetStream.Publish.BadName',
      description: 'txTime has passed: sign again',
    })
    expect(talk.closed).toBe(true)
    expect(talk.logger.text).toContain('txTime has passed')
    expect(talk.logger.text).not.toContain('topsecret')
  })

  it('refuses an unknown application at connect', async () => {
    const talk = await connected()
    talk.command('connect', 1, [{ app: 'vod' }])
    await talk.settle()
    expect(talk.replies[0]?.name).toBe('_error')
    expect(talk.status('NetConnection.Connect.InvalidApp')).toMatchObject({ level: 'error' })
    expect(talk.closed).toBe(true)
  })

  it("removes a query from the application's name", async () => {
    const talk = await connected()
    talk.command('connect', 1, [{ app: 'live/?txSecret=abc' }])
    await talk.settle()
    expect(talk.replies[0]?.name).toBe('_result')
  })

  describe('play', () => {
    it('accepts a player with the signature after the name', async () => {
      const talk = await connected()
      await talk.play('m1?txSecret=abc&txTime=5C271099')
      expect(
        talk.playRequests.map(({ app, query, streamName }) => [app, streamName, `${query}`]),
      ).toEqual([['live', 'm1', 'txSecret=abc&txTime=5C271099']])
      expect(talk.codes).toEqual(['NetStream.Play.Reset', 'NetStream.Play.Start'])
      talk.viewer?.begin({ audio: true, video: true, base: 7 })
      talk.viewer?.send({ type: 9, timestamp: 0x01000000, payload: Buffer.of(0x17, 0) })
      talk.viewer?.send({ type: 8, timestamp: 0x01000015, payload: Buffer.of(0xaf, 1) })
      await talk.settle()
      expect(
        talk.controls.map(({ payload, streamId, timestamp, type }) => [
          ...[streamId, type, timestamp],
          payload.toString('hex'),
        ]),
      ).toEqual([
        [1, 9, 0x01000000, '1700'],
        [1, 8, 0x01000015, 'af01'],
      ])
    })

    it('sends timestamps of 32 bits after any playing time', async () => {
      const talk = await connected()
      await talk.play('m1')
      talk.viewer?.send({ type: 9, timestamp: 2 ** 32 + 40, payload: Buffer.of(1) })
      await talk.settle()
      expect(talk.controls.at(-1)).toMatchObject({ type: 9, timestamp: 40 })
    })

    it('has no timeout for a player of a live stream', async () => {
      const talk = await connected()
      await talk.play('m1')
      talk.time.timers.tick(1_000_000)
      await talk.settle()
      expect(talk.closed).toBe(false)
      expect(talk.time.timers.countTimers()).toBe(0)
    })

    it('reports the end of the stream to the player and disconnects it', async () => {
      const talk = await connected()
      await talk.play('m1')
      talk.viewer?.end(false)
      await talk.settle()
      expect(talk.codes.slice(2)).toEqual(['NetStream.Play.UnpublishNotify', 'NetStream.Play.Stop'])
      expect(talk.viewer).toBeUndefined()
      talk.time.timers.tick(10_001)
      await talk.settle()
      expect(talk.closed).toBe(true)
    })

    it('sends the code and the reason of a refusal', async () => {
      const talk = await connected()
      talk.playAnswer = { ok: false, code: 'NetStream.Play.StreamNotFound', description: 'nobody' }
      await talk.play('m1')
      expect(talk.status('NetStream.Play.StreamNotFound')).toEqual({
        level: 'error',
        code: 'NetStream.Play.StreamNotFound',
        description: 'nobody',
      })
      expect(talk.closed).toBe(true)
    })

    it.each(['deleteStream', 'closeStream'])('removes the player on %s', async (name) => {
      const talk = await connected()
      await talk.play('m1')
      expect(talk.viewer).toBeDefined()
      talk.command(name, 0, [null, 1])
      await talk.settle()
      expect(talk.viewer).toBeUndefined()
    })

    it('disconnects a player that does not read', async () => {
      const talk = await connected()
      await talk.play('m1')
      talk.socket.pause()
      const viewer = talk.viewer
      for (let sent = 0; sent < 20; sent++) {
        viewer?.send({ type: 9, timestamp: sent, payload: Buffer.alloc(20_000) })
      }
      await talk.settle()
      expect(talk.logger.text).toContain('the player reads too slowly')
      expect(talk.viewer).toBeUndefined()
    })
  })

  it('sends the reason to a replaced publisher', async () => {
    const talk = await connected()
    await talk.publish('m1')
    talk.requests[0]?.evict('another publisher took the stream name')
    await talk.settle()
    expect(talk.endReason).toBe('another publisher took the stream name')
    expect(talk.status('NetStream.Publish.BadName')).toMatchObject({ level: 'error' })
    expect(talk.closed).toBe(true)
  })

  it('splits an aggregate message', async () => {
    const talk = await connected()
    await talk.publish('m1')
    const part = (type: number, time: number, payload: Buffer) =>
      encodeFlvTag({ type: type === 8 ? 8 : 9, timestamp: time, payload })
    const parts = [part(9, 500, Buffer.of(0x17, 1)), part(8, 521, Buffer.of(0xaf, 1))]
    talk.media(22, Buffer.concat(parts), 9000)
    // Some publishers omit the last back pointer (PreviousTagSize).
    talk.media(22, part(8, 40, Buffer.of(0xaf, 2)).subarray(0, -4), 9040)
    await talk.settle()
    expect(talk.tags.map(({ payload, timestamp, type }) => [type, timestamp, payload[1]])).toEqual([
      [9, 9000, 1],
      [8, 9021, 1],
      [8, 9040, 2],
    ])
  })

  it('accepts long messages from publishers only', async () => {
    const stranger = await connected()
    stranger.command('connect', 1, [{ app: 'live' }])
    stranger.media(9, Buffer.alloc(70_000), 0, 0)
    await stranger.settle()
    expect(stranger.closed).toBe(true)
    expect(stranger.logger.text).toContain('exceeds the limit of 65536')
    const publisher = await connected()
    await publisher.publish('m1')
    publisher.media(9, Buffer.alloc(70_000))
    await publisher.settle()
    expect(publisher.tags).toHaveLength(1)
  })

  it.each([
    ['a command', 20],
    ['an AMF3 command', 17],
    ['data', 18],
  ])('refuses a long message of the kind %s from a publisher', async (_name, type) => {
    const talk = await connected()
    await talk.publish('m1')
    talk.media(type, Buffer.alloc(70_000))
    await talk.settle()
    expect(talk.closed).toBe(true)
    expect(talk.logger.text).toContain('command of 70000 bytes exceeds the limit of 65536')
  })

  it('sends an error for unknown commands with a transaction', async () => {
    const talk = await connected()
    talk.command('makeCoffee', 7, [null])
    talk.command('makeTea', 0, [null])
    await talk.settle()
    expect(talk.replies.map(({ name, transaction }) => [name, transaction])).toEqual([
      ['_error', 7],
    ])
  })

  it('accepts AMF3 commands: AMF0 after a zero byte', async () => {
    const talk = await connected()
    const payload = Buffer.concat([Buffer.of(0), encodeAmf0('connect', 1, { app: 'live' })])
    talk.client.send({ chunkStreamId: 3, streamId: 0, type: 17, timestamp: 0, payload })
    await talk.settle()
    expect(talk.replies[0]?.name).toBe('_result')
  })

  it.each(['deleteStream', 'FCUnpublish', 'closeStream'])('ends the stream on %s', async (name) => {
    const talk = await connected()
    await talk.publish('m1')
    talk.command(name, 0, [null, 1])
    await talk.settle()
    expect([talk.endReason, talk.lost]).toEqual(['the publisher unpublished', false])
  })

  const others: readonly (readonly [string, Amf0Value, number])[] = [
    ['deleteStream', 2, 0],
    ['closeStream', null, 2],
    ['FCUnpublish', 'm2', 0],
    ['FCUnpublish', 'm2?txSecret=abc', 0],
  ]
  it.each(others)(
    'continues the stream on %s of %s, stream %i',
    async (name, argument, streamId) => {
      const talk = await connected()
      await talk.publish('m1?txSecret=abc')
      talk.command('createStream', 6, [null])
      talk.command(name, 0, [null, argument], streamId)
      talk.media(9, Buffer.of(0x17, 1))
      await talk.settle()
      expect(talk.endReason).toBeUndefined()
      expect(talk.tags).toHaveLength(1)
      talk.command('FCUnpublish', 0, [null, 'm1?txSecret=abc'])
      await talk.settle()
      expect(talk.endReason).toBe('the publisher unpublished')
    },
  )

  it('continues to play on deleteStream of another stream', async () => {
    const talk = await connected()
    await talk.play('m1')
    talk.command('deleteStream', 0, [null, 2])
    await talk.settle()
    expect(talk.viewer).toBeDefined()
  })

  it('reuses the ids of deleted message streams', async () => {
    const talk = await connected()
    talk.command('connect', 1, [{ app: 'live' }])
    for (let round = 0; round < 12; round++) {
      talk.command('createStream', 2, [null])
      talk.command('publish', 0, [null, 'm1', 'live'], 1)
      talk.command('deleteStream', 0, [null, 1])
    }
    await talk.settle()
    expect(talk.closed).toBe(false)
    expect(talk.requests).toHaveLength(12)
    const created = talk.replies.filter(({ transaction }) => transaction === 2)
    expect(created.map(({ args }) => args[1])).toEqual(Array(12).fill(1))
  })

  it('receives media on message stream 0', async () => {
    const talk = await connected()
    await talk.publish('m1')
    talk.media(9, Buffer.of(0x17, 1), 40, 0)
    await talk.settle()
    expect(talk.tags).toHaveLength(1)
  })

  it('reports ignored media once', async () => {
    const talk = await connected()
    talk.media(9, Buffer.of(0x17, 1), 0, 1)
    await talk.publish('m1')
    for (let sent = 0; sent < 3; sent++) talk.media(9, Buffer.of(0x17, 1), 0, 7)
    await talk.settle()
    expect(talk.logger.text.match(/message stream \d does not publish/g)).toHaveLength(1)
  })

  it('removes the slashes before a stream name', async () => {
    const talk = await connected()
    await talk.publish('/m1?txTime=5C271099')
    expect(talk.requests.map(({ query, streamName }) => [streamName, `${query}`])).toEqual([
      ['m1', 'txTime=5C271099'],
    ])
  })

  it('ends the stream when the connection breaks', async () => {
    const talk = await connected()
    await talk.publish('m1')
    talk.socket.end()
    await talk.settle()
    expect([talk.endReason, talk.lost]).toEqual(['the client disconnected', true])
    expect(talk.time.timers.countTimers()).toBe(0)
  })

  it('answers a ping', async () => {
    const talk = await connected()
    await talk.publish('m1')
    const ping = Buffer.from('000600001234', 'hex')
    talk.client.send({ chunkStreamId: 2, streamId: 0, type: 4, timestamp: 0, payload: ping })
    // The client's connection handles the acknowledgement itself, so the test reads the bytes.
    const bytes: Buffer[] = []
    talk.socket.on('data', (part: Buffer) => bytes.push(part))
    await talk.settle()
    expect(Buffer.concat(bytes).includes(Buffer.from('000700001234', 'hex'))).toBe(true)
  })

  it('acknowledges the received bytes once per window', async () => {
    const talk = await connected()
    await talk.publish('m1')
    const window = Buffer.from('00002710', 'hex') // 10 000
    talk.client.send({ chunkStreamId: 2, streamId: 0, type: 5, timestamp: 0, payload: window })
    await talk.settle()
    const before: Buffer[] = []
    talk.socket.on('data', (part: Buffer) => before.push(part))
    talk.media(9, Buffer.alloc(4000))
    await talk.settle()
    expect(Buffer.concat(before).length).toBe(0)
    talk.media(9, Buffer.alloc(8000))
    await talk.settle()
    // One acknowledgement: a header of 12 bytes, type 3, and the count.
    const acknowledgement = Buffer.concat(before)
    expect(acknowledgement.length).toBe(16)
    expect(acknowledgement[7]).toBe(3)
    expect(acknowledgement.readUInt32BE(12)).toBeGreaterThanOrEqual(10_000)
  })

  describe('a timeout', () => {
    it('ends an incomplete handshake', async () => {
      const talk = new Dialogue()
      // No byte has been delivered, so the session sees a silent peer.
      talk.time.timers.tick(10_001)
      await talk.settle()
      expect(talk.closed).toBe(true)
      expect(talk.logger.text).toContain('handshake did not complete before the timeout')
    })

    it('ends a connection without publish', async () => {
      const talk = await connected()
      talk.command('connect', 1, [{ app: 'live' }])
      await talk.settle()
      talk.time.timers.tick(10_001)
      await talk.settle()
      expect(talk.closed).toBe(true)
      expect(talk.logger.text).toContain('no publish or play command arrived before the timeout')
    })

    it('ends a publisher that is silent for 70 seconds', async () => {
      const talk = await connected()
      await talk.publish('m1')
      talk.time.timers.tick(69_000)
      talk.media(9, Buffer.of(0x17, 1))
      await talk.settle()
      talk.time.timers.tick(69_000)
      await talk.settle()
      expect(talk.closed).toBe(false)
      talk.time.timers.tick(2000)
      await talk.settle()
      expect(talk.closed).toBe(true)
      expect(talk.endReason).toBe('the publisher sent nothing for 70000 ms')
    })
  })

  describe('closes with a reason when the peer', () => {
    const cases: readonly (readonly [string, (talk: Dialogue) => void, string])[] = [
      [
        'sends garbage after the handshake',
        (talk) => talk.socket.write(Buffer.alloc(64, 0xff)),
        'format 3',
      ],
      [
        'publishes before connect',
        (talk) => talk.command('publish', 1, [null, 'm1'], 1),
        'publish is out of order',
      ],
      [
        'creates too many streams',
        (talk) => {
          for (let index = 0; index < 9; index++) talk.command('createStream', index + 1, [null])
        },
        'more than 8 message streams',
      ],
      [
        'sends a malformed command',
        (talk) => {
          const payload = encodeAmf0(1, 2)
          talk.client.send({ chunkStreamId: 3, streamId: 0, type: 20, timestamp: 0, payload })
        },
        'must start with its name',
      ],
      [
        'sends an aggregate message that is cut',
        (talk) => talk.media(22, Buffer.from('0900ffff00000000000000', 'hex')),
        'an aggregate message needs more',
      ],
      [
        'plays before it connects',
        (talk) => talk.command('play', 1, [null, 'm1'], 1),
        'play is out of order',
      ],
      [
        'sends half a control message',
        (talk) => {
          const payload = Buffer.of(1)
          talk.client.send({ chunkStreamId: 2, streamId: 0, type: 5, timestamp: 0, payload })
        },
        'a control message has fewer',
      ],
    ]
    it.each(cases)('%s', async (_name, act, reason) => {
      const talk = await connected()
      act(talk)
      await talk.settle()
      expect(talk.closed).toBe(true)
      expect(talk.logger.text).toContain(reason)
    })

    it('uses another version', async () => {
      const [near, far] = duplexPair({ allowHalfOpen: false })
      const logger = new RecordingLogger()
      new RtmpServerSession({
        socket: far,
        clock: createFakeClock().clock,
        logger,
        chunkLimits: defaultChunkLimits,
        handshakeTimeoutMs: 1,
        idleTimeoutMs: 1,
        maxViewerQueueBytes: 1,
        service: {
          refuseApp: () => undefined,
          publish: () => ({ ok: false, description: '' }),
          play: () => ({ ok: false, code: '', description: '' }),
        },
      })
      near.write(Buffer.of(6))
      await new Promise((resolve) => far.once('close', resolve))
      expect(logger.text).toContain('RTMP version 6')
    })
  })

  it('disconnects a peer that never reads the replies', async () => {
    const talk = await connected()
    talk.socket.pause()
    const many = Array.from({ length: 12_000 }, (_, index) =>
      commandMessage({ name: 'makeCoffee', transaction: index + 1, args: [null] }),
    )
    talk.client.send(...many)
    await new Promise((resolve) => setTimeout(resolve, 0))
    await talk.settle()
    expect(talk.logger.text).toContain('without reading the replies')
  })
})
