import mpegts from 'mpegts.js'
import type { PlayerError } from '../../player-error'
import type { Engine, EngineContext } from '../engine'
import { errorOfMpegts, mediaSourceMissing } from './errors'
import { createFetchLoader, type FetchLoader } from './fetch-loader'
import { flvSettings } from './settings'
import { SoundCheck, type SoundFinding } from './sound-check'

// Every error is reported as an event; the library would also print them, at each retry.
mpegts.LoggingControl.enableAll = false

/**
 * Plays one HTTP-FLV address once, by mpegts.js.
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

  constructor(context: EngineContext) {
    this.#context = context
    this.#open(undefined)
  }

  suspend(): void {
    this.#over = true
    this.#fetch?.abort()
  }

  destroy(): void {
    this.suspend()
    this.#close()
  }

  /** @param hasAudio what to tell the demuxer against the stream's own header, if anything. */
  #open(hasAudio: false | undefined): void {
    const { video, source, latency } = this.#context
    const soundCheck = new SoundCheck({ ignoring: hasAudio === false })
    const fetch = createFetchLoader(mpegts, {
      bytes: (chunk) => {
        this.bytesReceived += chunk.byteLength
        const finding = soundCheck.push(chunk)
        if (finding && fetch === this.#fetch) this.#soundChanged(finding)
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
      if (player === this.#player) this.#lost(errorOfMpegts(detail, describe(info)))
    })
    player.attachMediaElement(video)
    player.load()
    // Not from inside the constructor: the listener may want the engine.
    queueMicrotask(() => {
      if (player === this.#player && !this.#over) this.#context.events.attached()
    })
  }

  #close(): void {
    const player = this.#player
    this.#player = null
    this.#fetch?.abort()
    if (!player) return
    // In this order, or the download goes on.
    player.pause()
    player.unload()
    player.detachMediaElement()
    player.destroy()
  }

  #soundChanged(finding: SoundFinding): void {
    afterPendingWork(() => {
      if (this.#over) return
      this.#close()
      this.#open(finding === 'sound-missing' ? false : undefined)
    })
  }

  #lost(error: PlayerError): void {
    if (this.#over) return
    this.suspend()
    afterPendingWork(() => {
      if (this.#player) this.#context.events.lost(error)
    })
  }
}

/**
 * mpegts.js hands segments on in microtasks and fails on them if it was destroyed in between, so
 * whatever may destroy it has to wait until those are through.
 */
function afterPendingWork(work: () => void): void {
  setTimeout(work, 0)
}

function describe(info: unknown): { code?: number; msg?: string } {
  if (typeof info === 'string') return { msg: info }
  if (typeof info !== 'object' || info === null) return {}
  const described: { code?: number; msg?: string } = {}
  if ('code' in info && typeof info.code === 'number') described.code = info.code
  if ('msg' in info && typeof info.msg === 'string') described.msg = info.msg
  return described
}
