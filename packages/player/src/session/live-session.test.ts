import { beforeEach, describe, expect, it } from 'vitest'
import type { PlayerState } from '../constants'
import type { Engine, EngineContext, EngineLoader } from '../engines/engine'
import { PlayerError, type PlayerErrorReason } from '../player-error'
import { createFakePage } from '../testing/fake-page'
import { LiveSession } from './live-session'
import type { AddressRequest, UrlProvider } from './request-address'

const flvAddress = 'https://play.example.com/live/m1.flv'

/** Records what happens to one engine. */
class FakeEngine implements Engine {
  readonly context: EngineContext
  destroyed = false
  bytesReceived = 0
  silence: PlayerError | null = null

  constructor(context: EngineContext) {
    this.context = context
  }

  get stopped() {
    return this.context.signal.aborted
  }

  unanswered() {
    return this.silence
  }

  destroy() {
    this.destroyed = true
  }
}

interface Settings {
  latency?: number
  reconnectLimit?: number
  urlProvider?: UrlProvider
  onState?: (session: LiveSession, state: PlayerState) => void
}

function setUp(settings: Settings = {}) {
  const page = createFakePage()
  const engines: FakeEngine[] = []
  const events: string[] = []
  const retries: Array<[attempt: number, delay: number, reason: PlayerErrorReason]> = []
  const video = {
    currentTime: 0,
    end: 0,
    playbackRate: 1,
    videoWidth: 0,
    pictures: 0,
    getVideoPlaybackQuality() {
      return { totalVideoFrames: this.pictures, droppedVideoFrames: 0 }
    },
    get buffered() {
      return { length: this.end > 0 ? 1 : 0, start: () => 0, end: () => this.end }
    },
  }
  const loader: EngineLoader = {
    name: 'fake',
    canPlay: ({ kind }) => kind === 'flv',
    load: async () => (context) => {
      const engine = new FakeEngine(context)
      engines.push(engine)
      return engine
    },
  }
  const session: LiveSession = new LiveSession({
    // The session uses only these members of the element.
    video: () => video as unknown as HTMLVideoElement,
    loaders: [loader],
    settings: {
      latency: settings.latency ?? 1,
      reconnectLimit: settings.reconnectLimit ?? Number.POSITIVE_INFINITY,
      urlProvider: settings.urlProvider ?? null,
    },
    environment: page.environment,
    listener: {
      stateChanged: (state) => {
        events.push(state)
        settings.onState?.(session, state)
      },
      playable: () => events.push('(playable)'),
      retryScheduled: ({ attempt, delay, reason }) => retries.push([attempt, delay, reason]),
      recovered: () => events.push('(recovered)'),
      messageChanged: () => undefined,
    },
  })
  const engine = () => {
    const last = engines.at(-1)
    if (!last) throw new Error('no engine was created')
    return last
  }
  const lose = async (reason: PlayerErrorReason) => {
    engine().context.lost(new PlayerError({ reason, message: reason }))
    await page.pass(0)
  }
  /** Moves the playhead for some seconds. */
  const play = async (seconds: number) => {
    for (let step = 0; step < seconds * 4; step += 1) {
      video.currentTime += 0.25
      video.end = video.currentTime + 1
      session.progressed()
      await page.pass(250)
    }
  }
  const open = async (src = flvAddress) => {
    session.open(src, true)
    await page.pass(0)
  }
  /** Opens the source and plays it for one second. */
  const start = async () => {
    await open()
    engine().context.attached()
    await play(1)
  }
  return { session, page, engines, engine, events, retries, video, lose, play, open, start }
}

describe('LiveSession', () => {
  let kit = setUp()
  beforeEach(() => {
    kit = setUp()
  })

  it('connects, plays and reports its states', async () => {
    await kit.start()
    expect(kit.events).toEqual(['loading', '(playable)', 'playing'])
    expect(kit.session.engineName).toBe('fake')
    expect(kit.engine().context.source.url).toBe(flvAddress)
  })

  it('downloads nothing before playback is requested', async () => {
    kit.session.open(flvAddress, false)
    await kit.page.pass(60_000)
    expect(kit.events).toEqual(['paused'])
    expect(kit.engines).toHaveLength(0)
    expect(kit.session.play()).toBe(false)
    await kit.page.pass(0)
    expect(kit.session.state).toBe('loading')
    expect(kit.engines).toHaveLength(1)
  })

  it('retries while a stream is not live yet, then plays it', async () => {
    await kit.open()
    await kit.lose('not-live')
    expect(kit.session.state).toBe('waiting')
    expect(kit.retries).toEqual([[1, 1000, 'not-live']])
    await kit.page.pass(1000)
    expect(kit.engines).toHaveLength(2)
    expect(kit.engines[0]?.destroyed).toBe(true)
    expect(kit.session.state).toBe('waiting')
    await kit.play(1)
    expect(kit.session.state).toBe('playing')
    expect(kit.events).not.toContain('(recovered)')
  })

  it('reconnects after a loss and counts attempts from zero after 5 s of playback', async () => {
    await kit.start()
    kit.video.end = kit.video.currentTime
    await kit.lose('network')
    expect(kit.session.state).toBe('reconnecting')
    await kit.page.pass(1000)
    await kit.lose('network')
    await kit.page.pass(2000)
    await kit.play(4)
    expect(kit.events.at(-1)).toBe('(recovered)')
    expect(kit.session.reconnects).toBe(1)
    await kit.lose('network')
    await kit.page.pass(4000)
    await kit.play(6)
    await kit.lose('network')
    expect(kit.retries.map(([attempt, delay]) => [attempt, delay])).toEqual([
      [1, 1000],
      [2, 2000],
      [3, 4000],
      [1, 1000],
    ])
  })

  it('plays the buffered rest before it reconnects', async () => {
    await kit.start()
    kit.video.end = kit.video.currentTime + 2.5
    await kit.lose('not-live')
    expect(kit.retries).toEqual([[1, 2500, 'not-live']])
    expect(kit.engine()).toMatchObject({ stopped: true, destroyed: false })
    kit.session.progressed()
    expect(kit.session.state).toBe('waiting')
    await kit.page.pass(2500)
    expect(kit.engines[0]?.destroyed).toBe(true)
  })

  it('ignores events of an ended connection', async () => {
    await kit.start()
    const [first] = kit.engines
    await kit.lose('network')
    await kit.lose('codec')
    expect(kit.session.state).toBe('reconnecting')
    await kit.page.pass(1000)
    first?.context.lost(new PlayerError({ reason: 'codec', message: 'late' }))
    first?.context.attached()
    await kit.page.pass(0)
    expect(kit.session.state).toBe('reconnecting')
    expect(kit.events.filter((one) => one === '(playable)')).toHaveLength(1)
  })

  it('gives up at once on an error that no retry can fix', async () => {
    await kit.open()
    await kit.lose('codec')
    expect(kit.session.state).toBe('failed')
    expect(kit.session.error?.reason).toBe('codec')
    expect(kit.engine().destroyed).toBe(true)
    expect(kit.page.pending).toBe(0)
  })

  it('fails on an address that no engine plays and suggests one that plays', async () => {
    await kit.open('rtmp://play.example.com/live/m1')
    expect(kit.session.error?.reason).toBe('unsupported')
    expect(kit.session.error?.message).toContain('https://play.example.com/live/m1.flv')
  })

  it('fails on an http stream in an https page', async () => {
    await kit.open('http://play.example.com/live/m1.flv')
    expect(kit.session.error?.message).toContain('https://play.example.com/live/m1.flv')
  })

  it('ends without an error when a stream that played does not come back', async () => {
    kit = setUp({ reconnectLimit: 1 })
    await kit.start()
    kit.video.end = kit.video.currentTime
    await kit.lose('not-live')
    await kit.page.pass(1000)
    await kit.lose('not-live')
    expect(kit.session.state).toBe('ended')
    expect(kit.session.error).toBeNull()
    expect(kit.session.playRequested).toBe(false)
  })

  it('fails when a stream never played and no attempt is left', async () => {
    kit = setUp({ reconnectLimit: 0 })
    await kit.open()
    await kit.lose('not-live')
    expect(kit.session.state).toBe('failed')
    expect(kit.session.error?.reason).toBe('not-live')
  })

  it('plays again after a failure', async () => {
    await kit.open()
    await kit.lose('auth')
    expect(kit.session.state).toBe('failed')
    kit.session.play()
    await kit.page.pass(0)
    await kit.play(1)
    expect(kit.session.state).toBe('playing')
    expect(kit.session.error).toBeNull()
  })

  describe('urlProvider', () => {
    it('provides the address of every connection except the first', async () => {
      const asked: AddressRequest[] = []
      kit = setUp({
        urlProvider: (request) => {
          asked.push(request)
          return `https://play.example.com/live/m1.flv?n=${request.attempt}`
        },
      })
      await kit.start()
      kit.video.end = 0
      await kit.lose('auth')
      await kit.page.pass(1000)
      expect(kit.engines.map(({ context }) => context.source.url)).toEqual([
        flvAddress,
        `${flvAddress}?n=1`,
      ])
      expect(asked).toMatchObject([{ src: flvAddress, attempt: 1, reason: 'auth' }])
    })

    it('counts a rejection as a failed attempt', async () => {
      kit = setUp({ urlProvider: () => Promise.reject(new Error('backend is down')) })
      await kit.start()
      kit.video.end = 0
      await kit.lose('network')
      await kit.page.pass(1000)
      expect(kit.retries.at(-1)).toEqual([2, 2000, 'signaling'])
      expect(kit.engines).toHaveLength(1)
    })

    it('aborts a provider that has not answered after 10 s', async () => {
      let signal: AbortSignal | undefined
      kit = setUp({
        urlProvider: (request) => {
          signal = request.signal
          return new Promise(() => undefined)
        },
      })
      await kit.start()
      kit.video.end = 0
      await kit.lose('network')
      await kit.page.pass(1000)
      expect(signal?.aborted).toBe(false)
      await kit.page.pass(10_000)
      expect(signal?.aborted).toBe(true)
      expect(kit.session.state).toBe('reconnecting')
      expect(kit.retries).toHaveLength(2)
    })

    it('ignores a late address', async () => {
      let answer: (url: string) => void = () => undefined
      kit = setUp({
        urlProvider: () =>
          new Promise((resolve) => {
            answer = resolve
          }),
      })
      await kit.start()
      kit.video.end = 0
      await kit.lose('network')
      await kit.page.pass(1000)
      kit.session.open(null, false)
      answer(flvAddress)
      await kit.page.pass(0)
      expect(kit.engines).toHaveLength(1)
      expect(kit.session.state).toBe('idle')
    })
  })

  describe('while the device is offline', () => {
    it('waits for the network and counts no attempts', async () => {
      await kit.start()
      kit.video.end = 0
      await kit.page.setOnline(false)
      await kit.lose('network')
      await kit.page.pass(120_000)
      expect(kit.session.awaitingNetwork).toBe(true)
      expect(kit.engines).toHaveLength(1)
      await kit.page.setOnline(true)
      expect(kit.engines).toHaveLength(2)
    })

    it('retries at once when the network returns', async () => {
      await kit.start()
      await kit.lose('network')
      await kit.page.setOnline(true)
      expect(kit.engines).toHaveLength(2)
      await kit.page.pass(3000)
      expect(kit.engines).toHaveLength(2)
    })

    it('still connects to an address on this machine', async () => {
      await kit.open('http://127.0.0.1:8080/live/m1.flv')
      await kit.page.setOnline(false)
      await kit.lose('network')
      await kit.page.pass(1000)
      expect(kit.engines).toHaveLength(2)
    })
  })

  describe('with the watchdog', () => {
    it('replaces a connection with a frozen picture twice, then leaves the picture alone', async () => {
      await kit.start()
      Object.assign(kit.video, { videoWidth: 640, pictures: 100 })
      await kit.play(60)
      expect(kit.retries.map(([, , reason]) => reason)).toEqual(['network', 'network'])
      expect(kit.session.state).toBe('playing')
      expect(kit.engines).toHaveLength(3)
    })

    it('gives up a request soon that the browser holds back', async () => {
      await kit.open()
      kit.engine().silence = new PlayerError({ reason: 'connection-limit', message: 'full' })
      await kit.page.pass(3500)
      expect(kit.retries).toEqual([[1, 1000, 'connection-limit']])
      expect(kit.session.lastReason).toBe('connection-limit')
    })

    it('stands still until a long latency is buffered, and never after the connection', async () => {
      kit = setUp({ latency: 4 })
      await kit.open()
      kit.engine().context.attached()
      expect(kit.video.playbackRate).toBe(0)
      kit.video.end = 4
      await kit.page.pass(500)
      expect(kit.video.playbackRate).toBe(1)
      kit.video.end = 0
      await kit.page.pass(500)
      expect(kit.video.playbackRate).toBe(0)
      kit.session.pause()
      expect(kit.video.playbackRate).toBe(1)
    })

    it('reports a stall, then replaces a connection without data', async () => {
      await kit.start()
      kit.video.end = kit.video.currentTime
      await kit.page.pass(2500)
      expect(kit.session.state).toBe('stalled')
      await kit.page.pass(5000)
      expect(kit.session.state).toBe('reconnecting')
      expect(kit.engines[0]?.stopped).toBe(true)
    })

    it('replaces a connection without a first frame', async () => {
      await kit.open()
      await kit.page.pass(9500)
      expect(kit.session.state).toBe('loading')
      await kit.page.pass(1500)
      expect(kit.session.state).toBe('reconnecting')
    })

    it('ignores a hidden page and catches up when it is shown', async () => {
      await kit.start()
      kit.page.setHidden(true)
      await kit.page.pass(60_000)
      expect(kit.session.state).toBe('playing')
      kit.video.end = kit.video.currentTime + 60
      kit.events.length = 0
      kit.page.setHidden(false)
      expect(kit.video.currentTime).toBe(kit.video.end - 1)
      expect(kit.events).toEqual(['(playable)'])
    })

    it('ignores a paused stream', async () => {
      await kit.start()
      kit.session.pause()
      await kit.page.pass(20_000)
      expect(kit.session.state).toBe('paused')
      expect(kit.engine().stopped).toBe(false)
    })
  })

  describe('when paused', () => {
    it('continues at the live edge', async () => {
      await kit.start()
      kit.session.pause()
      await kit.page.pass(10_000)
      kit.video.end += 10
      expect(kit.session.play()).toBe(true)
      expect(kit.video.currentTime).toBe(kit.video.end - 1)
      await kit.play(1)
      expect(kit.session.state).toBe('playing')
    })

    it('closes the connection after 30 s and opens a new one on play', async () => {
      await kit.start()
      kit.session.pause()
      await kit.page.pass(30_000)
      expect(kit.engine()).toMatchObject({ stopped: true, destroyed: false })
      expect(kit.session.play()).toBe(false)
      await kit.page.pass(0)
      expect(kit.engines).toHaveLength(2)
    })

    it('cancels a scheduled retry', async () => {
      await kit.start()
      await kit.lose('network')
      kit.session.pause()
      await kit.page.pass(60_000)
      expect(kit.session.state).toBe('paused')
      expect(kit.engines).toHaveLength(1)
    })

    it('schedules no retry after a loss', async () => {
      await kit.start()
      kit.session.pause()
      await kit.lose('network')
      await kit.page.pass(60_000)
      expect(kit.session.state).toBe('paused')
      expect(kit.retries).toEqual([])
    })
  })

  it('does not connect when the page pauses in the event of the state loading', async () => {
    kit = setUp({ onState: (session, state) => state === 'loading' && session.pause() })
    await kit.open()
    expect(kit.session.state).toBe('paused')
    expect(kit.engines).toHaveLength(0)
  })

  it('leaves no timer or listener when the source is removed', async () => {
    await kit.start()
    kit.session.open(null, false)
    expect(kit.session.state).toBe('idle')
    expect(kit.engine().destroyed).toBe(true)
    expect(kit.page.pending).toBe(0)
    await kit.page.pass(60_000)
    expect(kit.engines).toHaveLength(1)
  })

  it('drops an unfinished connection when the source changes', async () => {
    kit.session.open(flvAddress, true)
    await kit.open('https://play.example.com/live/m2.flv')
    expect(kit.engines.map(({ context }) => context.source.url)).toEqual([
      'https://play.example.com/live/m2.flv',
    ])
  })
})
