import mpegts from 'mpegts.js'
import type { PlayerError } from '../../player-error'
import type { Engine, EngineContext } from '../engine'
import { notAnswered } from '../http-error'
import { isHostFull } from '../open-streams'
import { type AudioFinding, AudioScan } from './audio-scan'
import { createFetchLoader, type FetchLoader } from './fetch-loader'
import { mediaSourceMissing, mpegtsError } from './mpegts-error'
import { flvSettings } from './settings'

// Disable the library's log: every error is already reported as an event.
mpegts.LoggingControl.enableAll = false

/**
 * Plays one HTTP-FLV address with mpegts.js.
 *
 * @throws PlayerError `unsupported` when the browser has no Media Source Extensions.
 */
export function createFlvEngine(context: EngineContext): Engine {
  if (!mpegts.getFeatureList().mseLivePlayback) throw mediaSourceMissing()
  return new FlvEngine(context)
}

class FlvEngine implements Engine {
  bytesReceived = 0
  readonly #context: EngineContext
  #player: mpegts.Player | null = null
  #fetch: FetchLoader | null = null
  #over = false
  #answered = false

  constructor(context: EngineContext) {
    this.#context = context
    context.signal.addEventListener('abort', () => this.#stopReceiving(), { once: true })
    this.#open(undefined)
  }

  unanswered(): PlayerError | null {
    if (this.#answered) return null
    return notAnswered({ hostIsFull: isHostFull(this.#context.source.url) })
  }

  destroy(): void {
    this.#stopReceiving()
    this.#close()
  }

  /** @param hasAudio overrides the audio flag of the stream's header. */
  #open(hasAudio: false | undefined): void {
    const { video, source, latency, attached } = this.#context
    const audioScan = new AudioScan({ audioIgnored: hasAudio === false })
    const fetch = createFetchLoader(mpegts, {
      answered: () => {
        this.#answered = true
      },
      bytes: (chunk) => {
        this.bytesReceived += chunk.byteLength
        const finding = audioScan.push(chunk)
        if (finding && fetch === this.#fetch) this.#reopen(finding)
      },
      over: (error) => this.#lost(error),
    })
    this.#fetch = fetch

    const player = mpegts.createPlayer(
      {
        type: 'flv',
        isLive: true,
        url: source.url,
        ...(hasAudio === undefined ? {} : { hasAudio }),
      },
      flvSettings(latency, fetch.Loader),
    )
    this.#player = player
    player.on(mpegts.Events.ERROR, (_type: string, detail: string, info: unknown) => {
      if (player === this.#player) this.#lost(mpegtsError(detail, readInfo(info)))
    })
    player.attachMediaElement(video)
    player.load()
    // Call `attached` after the constructor, because the listener may use the engine.
    queueMicrotask(() => {
      if (player === this.#player && !this.#over) attached()
    })
  }

  #stopReceiving(): void {
    this.#over = true
    this.#fetch?.abort()
  }

  #close(): void {
    const player = this.#player
    this.#player = null
    this.#fetch?.abort()
    if (!player) return
    // Keep this order of calls; in any other order the download continues.
    player.pause()
    player.unload()
    player.detachMediaElement()
    player.destroy()
  }

  /** Starts again with the audio flag that the stream really needs. */
  #reopen(finding: AudioFinding): void {
    afterPendingWork(() => {
      if (this.#over) return
      this.#close()
      this.#open(finding === 'audio-missing' ? false : undefined)
    })
  }

  #lost(error: PlayerError): void {
    if (this.#over) return
    this.#stopReceiving()
    afterPendingWork(() => {
      if (this.#player) this.#context.lost(error)
    })
  }
}

/**
 * Runs the work after the microtasks of mpegts.js. The library passes segments on in microtasks, and it
 * fails when it is destroyed in between.
 */
function afterPendingWork(work: () => void): void {
  setTimeout(work, 0)
}

function readInfo(info: unknown): { code?: number; msg?: string } {
  if (typeof info === 'string') return { msg: info }
  if (typeof info !== 'object' || info === null) return {}
  const read: { code?: number; msg?: string } = {}
  if ('code' in info && typeof info.code === 'number') read.code = info.code
  if ('msg' in info && typeof info.msg === 'string') read.msg = info.msg
  return read
}
