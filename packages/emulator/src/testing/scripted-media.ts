import type {
  MediaHuman,
  MediaPicture,
  MediaPlane,
  MediaRequest,
  MediaSpeech,
} from '../media-plane'

/** A media plane whose every step a test decides, and that writes down what it was told. */
export class ScriptedMedia implements MediaPlane {
  readonly opened: MediaRequest[] = []
  /** The pictures that a human was asked to show. */
  readonly shown: MediaPicture[] = []
  /** What could not be shown: when a human is opened, and when it is to show something else. */
  readonly warnings: string[] = []
  readonly signals: AbortSignal[] = []
  readonly log: string[] = []
  readonly #playUrl: string | undefined
  readonly #manual: boolean
  readonly #pending: { resolve(human: MediaHuman): void; reject(error: Error): void }[] = []
  readonly #enders: ((end: { reason: string }) => void)[] = []
  closeFails = false
  /** What was told to the viewers. */
  readonly notes: string[] = []
  /** Whether the human tells when it starts and finishes; a test then says when. */
  tellsProgress = false
  /** What the human says or plays now: a test decides when it starts, ends or fails. */
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

  /** Lets the oldest open that waits succeed. */
  succeed(): void {
    this.#pending.shift()?.resolve(this.#human())
  }

  /** Lets the oldest open that waits fail. */
  fail(message: string): void {
    this.#pending.shift()?.reject(new Error(message))
  }

  /** Ends the newest stream, as a lost push connection does. */
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
