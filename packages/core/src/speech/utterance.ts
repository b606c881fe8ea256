import { createDeferred } from '../async/deferred'
import { onAbort } from '../async/on-abort'
import { IvhValidationError } from '../errors'
import type { DownlinkMessage } from '../protocol/downlink'
import { atMost } from './at-most'
import { Drive } from './drive'
import { ProgressFeed } from './progress-feed'
import type { Confirms, OnUncertain } from './recovery'
import type { Stage } from './stage'

/** How an utterance ended, when nothing failed. */
export interface SpeechOutcome {
  /** It was cut off, or never begun, by an interrupt. */
  readonly interrupted: boolean
}

/** A step of an utterance. */
export interface SpeechProgress {
  /** `status` for a speak state, `content` for what is said, `answer` and `reasoning` of a chat bot. */
  readonly kind: DownlinkMessage['kind']
  /** `TextStart`, `SentenceStart`, …, of a `status`. */
  readonly speakStatus: string | undefined
  /** The sentence of a stream, from 1; else 0. */
  readonly seq: number
  readonly message: DownlinkMessage
}

/**
 * What `say` and `sendAudio` return. Its promises may be left alone: they are never unhandled.
 *
 * A `for await` loop over it is given each step from then on, ends with the utterance, and throws what
 * `finished` rejects with. Leaving the loop does not stop the speech. A reader that falls behind by more
 * than 256 steps loses the oldest ones.
 */
export interface SpeechHandle extends AsyncIterable<SpeechProgress> {
  /** True when the first sound is out; false when it was interrupted before. */
  readonly started: Promise<boolean>
  /** Settles when it has been spoken, or was interrupted. Rejects when it failed. */
  readonly finished: Promise<SpeechOutcome>
  /** True as soon as it is known to be cut off; false when it was spoken to its end. */
  readonly interrupted: Promise<boolean>
  /** Stops it, or takes it out of the queue. Resolves like `finished`. */
  interrupt(): Promise<SpeechOutcome>
}

export interface UtteranceOptions {
  readonly signal?: AbortSignal | undefined
  readonly onProgress?: ((progress: SpeechProgress) => void) | undefined
  readonly onUncertain?: OnUncertain | undefined
}

/** An interrupt that is not answered is taken for done after this. */
export const interruptMs = 10_000

/** What all utterances have in common: their promises, their place in the queue, their end. */
export abstract class Utterance implements SpeechHandle {
  abstract readonly kind: 'text' | 'stream' | 'audio'
  protected readonly stage: Stage
  readonly #options: UtteranceOptions
  readonly #started = createDeferred<boolean>()
  readonly #finished = createDeferred<SpeechOutcome>()
  readonly #interrupted = createDeferred<boolean>()
  /** Fires when the utterance shall stop, or is over. */
  readonly #stop = new AbortController()
  /** Resolves when another may begin. */
  readonly #floor = createDeferred()
  readonly #drives = new Set<Drive>()
  readonly #feeds = new Set<ProgressFeed>()
  #state: 'waiting' | 'running' | 'over' = 'waiting'
  #wasInterrupted = false
  #forgetSignal: (() => void) | undefined
  readonly #sent = createDeferred()
  /** The text that was said to cut this one off. */
  protected successor: Utterance | undefined
  /** Called once when it is first heard. */
  onStarted = () => {}
  onOver = () => {}

  constructor(stage: Stage, options: UtteranceOptions) {
    this.stage = stage
    this.#options = options
    const { signal } = options
    if (!signal) return
    const give = () => void this.interrupt()
    // In a microtask, so that the utterance is complete.
    if (signal.aborted) queueMicrotask(give)
    else this.#forgetSignal = onAbort(signal, give)
  }

  get started(): Promise<boolean> {
    return this.#started.promise
  }
  get finished(): Promise<SpeechOutcome> {
    return this.#finished.promise
  }
  get interrupted(): Promise<boolean> {
    return this.#interrupted.promise
  }

  /** Resolves when its first packet has been sent, or it is over without that. */
  get sent(): Promise<void> {
    return this.#sent.promise
  }

  get isOver(): boolean {
    return this.#state === 'over'
  }

  [Symbol.asyncIterator](): ProgressFeed {
    const feed = new ProgressFeed((left) => this.#feeds.delete(left))
    this.#feeds.add(feed)
    if (this.isOver) this.#endFeeds()
    return feed
  }

  /** Runs it; resolves when the next may begin, however it went. */
  run(): Promise<void> {
    if (this.#state !== 'waiting') return this.#floor.promise
    this.#state = 'running'
    this.perform(this.#stop.signal).then(
      () => this.#settle(),
      (error: unknown) => this.fail(error),
    )
    return this.#floor.promise
  }

  interrupt(): Promise<SpeechOutcome> {
    if (this.#state === 'over') return this.finished
    this.#wasInterrupted = true
    this.#interrupted.resolve(true)
    if (this.#state === 'waiting') this.#settle()
    else this.#stop.abort()
    return this.finished
  }

  /** Like {@link interrupt}, for a text that follows at once: once sent, it cuts this one off. */
  giveWay(successor: Utterance): void {
    this.successor = successor
    void this.interrupt()
    this.#floor.resolve()
  }

  fail(error: unknown): void {
    if (this.#state === 'over') return
    // What the helpers find wrong with the caller's material is the caller's to correct.
    const reason =
      error instanceof RangeError
        ? new IvhValidationError([{ path: this.kind, message: error.message }], {
            sessionId: this.stage.sessionId,
          })
        : error
    this.#started.reject(reason)
    this.#finished.reject(reason)
    this.#interrupted.reject(reason)
    this.#end()
  }

  /** Sends everything and resolves when it is over. When `stop` fires it ends as soon as it may. */
  protected abstract perform(stop: AbortSignal): Promise<void>

  /** Nothing more of it will be needed; it may never have been performed. */
  protected release(): void {}

  /** It ended before all of it was said, though nobody here asked for that. */
  protected markInterrupted(): void {
    this.#wasInterrupted = true
  }

  protected drive(confirms: Confirms, onEvent?: (message: DownlinkMessage) => void): Drive {
    const drive = new Drive(this.stage, {
      confirms,
      onUncertain: this.#options.onUncertain ?? 'report',
      onEvent: (message) => {
        onEvent?.(message)
        this.#report(message)
      },
    })
    this.#drives.add(drive)
    void drive.started.then(() => this.#begun(drive))
    void drive.sent.then(() => drive.wasSent && this.#sent.resolve())
    return drive
  }

  /**
   * Waits for the end of a drive that was told to stop; not for ever.
   *
   * @param unheardMs what is still to be heard before that.
   */
  protected async settled(drive: Drive, unheardMs = 0): Promise<void> {
    try {
      await atMost(this.stage.clock, unheardMs + interruptMs, drive.ended)
    } finally {
      drive.abandon()
    }
  }

  #begun(drive: Drive): void {
    if (!drive.hasStarted || this.#state === 'over') return
    this.#started.resolve(true)
    this.onStarted()
  }

  #report(message: DownlinkMessage): void {
    const { kind, speakStatus, seq } = message
    const step = { kind, speakStatus, seq, message }
    for (const feed of this.#feeds) feed.push(step)
    const { onProgress } = this.#options
    if (!onProgress) return
    const complain = (error: unknown) =>
      this.stage.logger.error(`onProgress failed: ${String(error)}`)
    try {
      const returned: unknown = onProgress(step)
      if (returned instanceof Promise) returned.catch(complain)
    } catch (error) {
      complain(error)
    }
  }

  #settle(): void {
    if (this.#state === 'over') return
    this.#started.resolve(!this.#wasInterrupted)
    this.#interrupted.resolve(this.#wasInterrupted)
    this.#finished.resolve({ interrupted: this.#wasInterrupted })
    this.#end()
  }

  #end(): void {
    this.#state = 'over'
    this.#stop.abort()
    this.#forgetSignal?.()
    this.successor = undefined
    this.#sent.resolve()
    this.release()
    for (const drive of this.#drives) drive.abandon()
    this.#endFeeds()
    this.#floor.resolve()
    this.onOver()
  }

  #endFeeds(): void {
    for (const feed of this.#feeds) {
      this.finished.then(
        () => feed.end(),
        (error: unknown) => feed.end({ error }),
      )
    }
    this.#feeds.clear()
  }
}
