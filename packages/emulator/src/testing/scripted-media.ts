import type {
  MediaHuman,
  MediaPicture,
  MediaPlane,
  MediaRequest,
  MediaSpeech,
} from '../media-plane'

/** A scripted media plane that records its calls. */
export class ScriptedMedia implements MediaPlane {
  readonly opened: MediaRequest[] = []
  /** The pictures of all `show` calls. */
  readonly shown: MediaPicture[] = []
  /** Results of `open` and `show`: the settings that are not shown. */
  readonly warnings: string[] = []
  readonly signals: AbortSignal[] = []
  readonly log: string[] = []
  readonly #playUrl: string | undefined
  /** The address before the stream opens. */
  earlyPlayUrl: string | undefined
  readonly #manual: boolean
  readonly #pending: { resolve(human: MediaHuman): void; reject(error: Error): void }[] = []
  readonly #enders: ((end: { reason: string }) => void)[] = []
  closeFails = false
  /** The notes for viewers. */
  readonly notes: string[] = []
  /** True: the human reports its progress, and the test decides the times. */
  tellsProgress = false
  /** The current speech. The test decides when it starts, ends or fails. */
  readonly speeches: { start(): void; finish(): void; fail(message: string): void }[] = []

  constructor({ playUrl, manual = false }: { playUrl?: string; manual?: boolean } = {}) {
    this.#playUrl = playUrl
    this.#manual = manual
  }

  open(request: MediaRequest, signal: AbortSignal): Promise<MediaHuman> {
    this.opened.push(request)
    this.signals.push(signal)
    if (!this.#manual) return Promise.resolve(this.#human())
    return new Promise((resolve, reject) => this.#pending.push({ resolve, reject }))
  }

  playUrl(): string | undefined {
    return this.earlyPlayUrl
  }

  /** Completes the oldest pending `open`. */
  succeed(): void {
    this.#pending.shift()?.resolve(this.#human())
  }

  /** Fails the oldest pending `open`. */
  fail(message: string): void {
    this.#pending.shift()?.reject(new Error(message))
  }

  /** Ends the newest stream, like a lost push connection. */
  end(reason: string): void {
    this.#enders.at(-1)?.({ reason })
  }

  #speech(): MediaSpeech | undefined {
    if (!this.tellsProgress) return undefined
    let start = () => {}
    let finish = () => {}
    let fail = (_message: string) => {}
    const started = new Promise<void>((resolve) => {
      start = resolve
    })
    const finished = new Promise<void>((resolve, reject) => {
      finish = resolve
      fail = (message) => reject(new Error(message))
    })
    this.speeches.push({ start, finish, fail })
    return { started, finished }
  }

  #human(): MediaHuman {
    const log = this.log
    return {
      playUrl: this.#playUrl,
      ended: new Promise((resolve) => this.#enders.push(resolve)),
      say: (text) => {
        log.push(`say ${text}`)
        return this.#speech()
      },
      play: () => {
        log.push('play')
        const speech = this.#speech()
        if (!speech) return undefined
        return {
          ...speech,
          write: (pcm) => log.push(`write ${pcm.length}`),
          end: () => log.push('end'),
        }
      },
      note: ({ seiData, status }) => this.notes.push(`${status} ${seiData}`.trim()),
      warnings: this.warnings,
      show: async (picture) => {
        this.shown.push(picture)
        return this.warnings
      },
      hush: () => log.push('hush'),
      close: async () => {
        log.push('close')
        if (this.closeFails) throw new Error('the pipe is stuck')
      },
    }
  }
}
