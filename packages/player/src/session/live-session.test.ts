import { beforeEach, describe, expect, it } from 'vitest'
import type { EngineContext, EngineLoader } from '../engines/engine'
import { PlayerError, type PlayerErrorReason } from '../player-error'
import type { SessionEnvironment } from './environment'
import { LiveSession, type UrlRequest } from './live-session'

const FLV = 'https://play.example.com/live/m1.flv'

/** A world with a clock that is moved by hand. */
class World implements SessionEnvironment {
  time = 0
  isOnline = true
  isHidden = false
  readonly #timers = new Map<number, { at: number; callback: () => void }>()
  readonly #listeners = { online: new Set<() => void>(), visibility: new Set<() => void>() }
  #ids = 0

  now = () => this.time
  random = () => 0.5
  base = () => 'https://shop.example.com/'
  online = () => this.isOnline
  hidden = () => this.isHidden
  onOnline = (callback: () => void) => add(this.#listeners.online, callback)
  onVisibility = (callback: () => void) => add(this.#listeners.visibility, callback)

  schedule = (callback: () => void, delay: number) => {
    const id = ++this.#ids
    this.#timers.set(id, { at: this.time + delay, callback })
    return () => void this.#timers.delete(id)
  }

  get timers(): number {
    return this.#timers.size
  }

  get listeners(): number {
    return this.#listeners.online.size + this.#listeners.visibility.size
  }

  async pass(milliseconds: number): Promise<void> {
    const end = this.time + milliseconds
    for (;;) {
      const [next] = [...this.#timers].sort(([, a], [, b]) => a.at - b.at)
      if (!next || next[1].at > end) break
      this.#timers.delete(next[0])
      this.time = next[1].at
      next[1].callback()
      await settled()
    }
    this.time = end
    await settled()
  }

  async setOnline(online: boolean): Promise<void> {
    this.isOnline = online
    if (online) for (const callback of this.#listeners.online) callback()
    await settled()
  }

  setHidden(hidden: boolean): void {
    this.isHidden = hidden
    for (const callback of this.#listeners.visibility) callback()
  }
}

function add(set: Set<() => void>, callback: () => void): () => void {
  set.add(callback)
  return () => void set.delete(callback)
}

/** Lets promises that are already decided run their course. */
async function settled(): Promise<void> {
  for (let turn = 0; turn < 20; turn += 1) await Promise.resolve()
}

class FakeEngine {
  suspended = false
  destroyed = false
  bytesReceived = 0
  constructor(readonly context: EngineContext) {}
  suspend() {
    this.suspended = true
  }
  destroy() {
    this.destroyed = true
  }
}

function setUp(settings: { reconnectLimit?: number; urlProvider?: UrlProviderOf } = {}) {
  const world = new World()
  const engines: FakeEngine[] = []
  const heard: string[] = []
  const planned: Array<[attempt: number, delay: number, reason: PlayerErrorReason]> = []
  const video = {
    currentTime: 0,
    end: 0,
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
  const session = new LiveSession({
    // The session reads nothing of the element but what SessionVideo names.
    video: () => video as unknown as HTMLVideoElement,
    loaders: [loader],
    settings: {
      latency: 1,
      reconnectLimit: settings.reconnectLimit ?? Number.POSITIVE_INFINITY,
      urlProvider: settings.urlProvider ?? null,
    },
    environment: world,
    listener: {
      stateChanged: (state) => heard.push(state),
      playable: () => heard.push('(playable)'),
      planned: ({ attempt, delay, reason }) => planned.push([attempt, delay, reason]),
      recovered: () => heard.push('(recovered)'),
      changed: () => undefined,
    },
  })
  const engine = () => {
    const last = engines.at(-1)
    if (!last) throw new Error('no engine was made')
    return last
  }
  const lose = async (reason: PlayerErrorReason) => {
    engine().context.events.lost(new PlayerError({ reason, message: reason }))
    await settled()
  }
  /** The picture moves for some seconds. */
  const play = async (seconds: number) => {
    for (let step = 0; step < seconds * 4; step += 1) {
      video.currentTime += 0.25
      video.end = video.currentTime + 1
      session.progressed()
      await world.pass(250)
    }
  }
  return { session, world, engines, engine, heard, planned, video, lose, play }
}
type UrlProviderOf = (request: UrlRequest) => string | Promise<string>

describe('LiveSession', () => {
  let kit = setUp()
  beforeEach(() => {
    kit = setUp()
  })

  const start = async () => {
    kit.session.open(FLV, true)
    await settled()
    kit.engine().context.events.attached()
    await kit.play(1)
  }

  it('connects, plays and says so', async () => {
    await start()
    expect(kit.heard).toEqual(['loading', '(playable)', 'playing'])
    expect(kit.session.engineName).toBe('fake')
    expect(kit.engine().context.source.url).toBe(FLV)
  })

  it('downloads nothing before somebody wants to play', async () => {
    kit.session.open(FLV, false)
    await kit.world.pass(60_000)
    expect(kit.heard).toEqual(['paused'])
    expect(kit.engines).toHaveLength(0)
    expect(kit.session.play()).toBe(false)
    await settled()
    expect(kit.session.state).toBe('loading')
    expect(kit.engines).toHaveLength(1)
  })

  it('waits for a stream that is not live yet, and plays it when it is', async () => {
    kit.session.open(FLV, true)
    await settled()
    await kit.lose('not-live')
    expect(kit.session.state).toBe('waiting')
    expect(kit.planned).toEqual([[1, 1000, 'not-live']])
    await kit.world.pass(1000)
    expect(kit.engines).toHaveLength(2)
    expect(kit.engines[0]?.destroyed).toBe(true)
    expect(kit.session.state).toBe('waiting')
    await kit.play(1)
    expect(kit.session.state).toBe('playing')
    expect(kit.heard).not.toContain('(recovered)')
  })

  it('comes back after a loss, and counts attempts from zero after 5 s of playing', async () => {
    await start()
    kit.video.end = kit.video.currentTime
    await kit.lose('network')
    expect(kit.session.state).toBe('reconnecting')
    await kit.world.pass(1000)
    await kit.lose('network')
    await kit.world.pass(2000)
    await kit.play(4)
    expect(kit.heard.at(-1)).toBe('(recovered)')
    expect(kit.session.reconnects).toBe(1)
    await kit.lose('network')
    await kit.world.pass(4000)
    await kit.play(6)
    await kit.lose('network')
    expect(kit.planned.map(([attempt, delay]) => [attempt, delay])).toEqual([
      [1, 1000],
      [2, 2000],
      [3, 4000],
      [1, 1000],
    ])
  })

  it('plays out what has arrived before it tears the picture down', async () => {
    await start()
    kit.video.end = kit.video.currentTime + 2.5
    await kit.lose('not-live')
    expect(kit.planned).toEqual([[1, 2500, 'not-live']])
    expect(kit.engine()).toMatchObject({ suspended: true, destroyed: false })
    kit.session.progressed()
    expect(kit.session.state).toBe('waiting')
    await kit.world.pass(2500)
    expect(kit.engines[0]?.destroyed).toBe(true)
  })

  it('is deaf to a connection that is over', async () => {
    await start()
    const [first] = kit.engines
    await kit.lose('network')
    await kit.lose('codec')
    expect(kit.session.state).toBe('reconnecting')
    await kit.world.pass(1000)
    first?.context.events.lost(new PlayerError({ reason: 'codec', message: 'late' }))
    first?.context.events.attached()
    await settled()
    expect(kit.session.state).toBe('reconnecting')
    expect(kit.heard.filter((one) => one === '(playable)')).toHaveLength(1)
  })

  it('gives up at once on what no attempt can change', async () => {
    kit.session.open(FLV, true)
    await settled()
    await kit.lose('codec')
    expect(kit.session.state).toBe('failed')
    expect(kit.session.error?.reason).toBe('codec')
    expect(kit.engine().destroyed).toBe(true)
    expect(kit.world.timers + kit.world.listeners).toBe(0)
  })

  it('fails on an address that no engine plays, naming one that would', async () => {
    kit.session.open('rtmp://play.example.com/live/m1', true)
    await settled()
    expect(kit.session.error?.reason).toBe('unsupported')
    expect(kit.session.error?.message).toContain('https://play.example.com/live/m1.flv')
  })

  it('fails on an http stream in an https page', async () => {
    kit.session.open('http://play.example.com/live/m1.flv', true)
    await settled()
    expect(kit.session.error?.message).toContain('https://play.example.com/live/m1.flv')
  })

  it('ends, rather than fails, when a stream that ran does not come back', async () => {
    kit = setUp({ reconnectLimit: 1 })
    await start()
    kit.video.end = kit.video.currentTime
    await kit.lose('not-live')
    await kit.world.pass(1000)
    await kit.lose('not-live')
    expect(kit.session.state).toBe('ended')
    expect(kit.session.error).toBeNull()
    expect(kit.session.wanted).toBe(false)
  })

  it('fails when a stream never ran and the attempts are used up', async () => {
    kit = setUp({ reconnectLimit: 0 })
    kit.session.open(FLV, true)
    await settled()
    await kit.lose('not-live')
    expect(kit.session.state).toBe('failed')
    expect(kit.session.error?.reason).toBe('not-live')
  })

  it('plays again from failed', async () => {
    kit.session.open(FLV, true)
    await settled()
    await kit.lose('auth')
    expect(kit.session.state).toBe('failed')
    kit.session.play()
    await settled()
    await kit.play(1)
    expect(kit.session.state).toBe('playing')
    expect(kit.session.error).toBeNull()
  })

  describe('urlProvider', () => {
    it('is asked for every attempt but the first connection', async () => {
      const asked: UrlRequest[] = []
      kit = setUp({
        urlProvider: (request) => {
          asked.push(request)
          return `https://play.example.com/live/m1.flv?n=${request.attempt}`
        },
      })
      await start()
      kit.video.end = 0
      await kit.lose('auth')
      await kit.world.pass(1000)
      expect(kit.engines.map(({ context }) => context.source.url)).toEqual([FLV, `${FLV}?n=1`])
      expect(asked).toMatchObject([{ src: FLV, attempt: 1, reason: 'auth' }])
    })

    it('that fails is a failed attempt', async () => {
      kit = setUp({ urlProvider: () => Promise.reject(new Error('backend is down')) })
      await start()
      kit.video.end = 0
      await kit.lose('network')
      await kit.world.pass(1000)
      expect(kit.planned.at(-1)).toEqual([2, 2000, 'signaling'])
      expect(kit.engines).toHaveLength(1)
    })

    it('that never answers is given up after 10 s', async () => {
      let signal: AbortSignal | undefined
      kit = setUp({
        urlProvider: (request) => {
          signal = request.signal
          return new Promise(() => undefined)
        },
      })
      await start()
      kit.video.end = 0
      await kit.lose('network')
      await kit.world.pass(1000)
      expect(signal?.aborted).toBe(false)
      await kit.world.pass(10_000)
      expect(signal?.aborted).toBe(true)
      expect(kit.session.state).toBe('reconnecting')
      expect(kit.planned).toHaveLength(2)
    })

    it('whose answer comes too late is ignored', async () => {
      let answer: (url: string) => void = () => undefined
      kit = setUp({
        urlProvider: () =>
          new Promise((resolve) => {
            answer = resolve
          }),
      })
      await start()
      kit.video.end = 0
      await kit.lose('network')
      await kit.world.pass(1000)
      kit.session.open(null, false)
      answer(FLV)
      await settled()
      expect(kit.engines).toHaveLength(1)
      expect(kit.session.state).toBe('idle')
    })
  })

  describe('without a network', () => {
    it('waits for it instead of counting attempts', async () => {
      await start()
      kit.video.end = 0
      await kit.world.setOnline(false)
      await kit.lose('network')
      await kit.world.pass(120_000)
      expect(kit.session.awaitingNetwork).toBe(true)
      expect(kit.engines).toHaveLength(1)
      await kit.world.setOnline(true)
      expect(kit.engines).toHaveLength(2)
    })

    it('does not sit out a delay once the network is back', async () => {
      await start()
      await kit.lose('network')
      await kit.world.setOnline(true)
      expect(kit.engines).toHaveLength(2)
      await kit.world.pass(3000)
      expect(kit.engines).toHaveLength(2)
    })

    it('still reaches this machine', async () => {
      kit.session.open('http://127.0.0.1:8080/live/m1.flv', true)
      await settled()
      await kit.world.setOnline(false)
      await kit.lose('network')
      await kit.world.pass(1000)
      expect(kit.engines).toHaveLength(2)
    })
  })

  describe('the watchdog', () => {
    it('calls a still picture stalled, and rebuilds a silent connection', async () => {
      await start()
      kit.video.end = kit.video.currentTime
      await kit.world.pass(2500)
      expect(kit.session.state).toBe('stalled')
      await kit.world.pass(5000)
      expect(kit.session.state).toBe('reconnecting')
      expect(kit.engines[0]?.suspended).toBe(true)
    })

    it('rebuilds a connection that never shows a picture', async () => {
      kit.session.open(FLV, true)
      await settled()
      await kit.world.pass(9500)
      expect(kit.session.state).toBe('loading')
      await kit.world.pass(1500)
      expect(kit.session.state).toBe('reconnecting')
    })

    it('sleeps while the page is hidden, and then catches up', async () => {
      await start()
      kit.world.setHidden(true)
      await kit.world.pass(60_000)
      expect(kit.session.state).toBe('playing')
      kit.video.end = kit.video.currentTime + 60
      kit.heard.length = 0
      kit.world.setHidden(false)
      expect(kit.video.currentTime).toBe(kit.video.end - 1)
      expect(kit.heard).toEqual(['(playable)'])
    })

    it('lets a paused stream be', async () => {
      await start()
      kit.session.pause()
      await kit.world.pass(20_000)
      expect(kit.session.state).toBe('paused')
      expect(kit.engine().suspended).toBe(false)
    })
  })

  describe('pausing', () => {
    it('continues at the live edge', async () => {
      await start()
      kit.session.pause()
      await kit.world.pass(10_000)
      kit.video.end += 10
      expect(kit.session.play()).toBe(true)
      expect(kit.video.currentTime).toBe(kit.video.end - 1)
      await kit.play(1)
      expect(kit.session.state).toBe('playing')
    })

    it('closes the connection after 30 s and opens a new one on play', async () => {
      await start()
      kit.session.pause()
      await kit.world.pass(30_000)
      expect(kit.engine()).toMatchObject({ suspended: true, destroyed: false })
      expect(kit.session.play()).toBe(false)
      await settled()
      expect(kit.engines).toHaveLength(2)
    })

    it('stops attempts', async () => {
      await start()
      await kit.lose('network')
      kit.session.pause()
      await kit.world.pass(60_000)
      expect(kit.session.state).toBe('paused')
      expect(kit.engines).toHaveLength(1)
    })

    it('takes a loss quietly', async () => {
      await start()
      kit.session.pause()
      await kit.lose('network')
      await kit.world.pass(60_000)
      expect(kit.session.state).toBe('paused')
      expect(kit.planned).toEqual([])
    })
  })

  it('leaves nothing behind when the source is removed', async () => {
    await start()
    kit.session.open(null, false)
    expect(kit.session.state).toBe('idle')
    expect(kit.engine().destroyed).toBe(true)
    expect(kit.world.timers + kit.world.listeners).toBe(0)
    await kit.world.pass(60_000)
    expect(kit.engines).toHaveLength(1)
  })

  it('drops a connection that is still being made when the source changes', async () => {
    kit.session.open(FLV, true)
    kit.session.open('https://play.example.com/live/m2.flv', true)
    await settled()
    expect(kit.engines.map(({ context }) => context.source.url)).toEqual([
      'https://play.example.com/live/m2.flv',
    ])
  })
})
