import { createDeferred } from '../../async/deferred'
import { EventQueue } from '../../async/event-queue'
import { onAbort } from '../../async/on-abort'
import { atMost } from '../../async/race'
import type { SpeechHandle, SpeechOutcome, SpeechProgress } from '../../contracts/speech'
import { IvhValidationError } from '../../errors'
import type { DownlinkMessage } from '../../protocol/downlink'
import { Command } from '../command/command'
import type { ConfirmationRule } from '../command/confirmation'
import type { OnUncertain } from '../command/recovery-verdict'
import type { SpeechContext } from '../command/speech-context'

export interface UtteranceOptions {
  readonly signal?: AbortSignal | undefined
  readonly onProgress?: ((progress: SpeechProgress) => void) | undefined
  readonly onUncertain?: OnUncertain | undefined
}

/** Maximum number of steps that are kept for a slow reader. */
const keptSteps = 256

/** Maximum wait for the answer to an interrupt, in milliseconds. Then the interrupt counts as done. */
export const interruptMs = 10_000

/** The common part of all utterances: their promises, their turn in the queue, their end. */
export abstract class Utterance implements SpeechHandle {
  abstract readonly kind: 'text' | 'stream' | 'audio'
  protected readonly context: SpeechContext
  readonly #options: UtteranceOptions
  readonly #started = createDeferred<boolean>()
  readonly started = this.#started.promise
  readonly #finished = createDeferred<SpeechOutcome>()
  readonly finished = this.#finished.promise
  readonly #interrupted = createDeferred<boolean>()
  readonly interrupted = this.#interrupted.promise
  readonly #sent = createDeferred()
  /** Resolves when the first packet has been sent, or the utterance is over before that. */
  readonly sent = this.#sent.promise
  /** Resolves when the next utterance may begin. */
  readonly #turnOver = createDeferred()
  /** Fires when the utterance must stop, or is over. */
  readonly #stop = new AbortController()
  readonly #commands = new Set<Command>()
  readonly #readers = new Set<EventQueue<SpeechProgress>>()
  #state: 'waiting' | 'running' | 'over' = 'waiting'
  #wasInterrupted = false
  #forgetSignal: (() => void) | undefined
  /** The text that replaces this text. */
  protected successor: Utterance | undefined
  /** Called at the first sound. */
  onStarted = () => {}
  onOver = () => {}

  constructor(context: SpeechContext, options: UtteranceOptions) {
    this.context = context
    this.#options = options
    const { signal } = options
    if (!signal) return
    const interrupt = () => void this.interrupt()
    // Interrupt in a microtask, so that the subclass constructors finish first.
    if (signal.aborted) queueMicrotask(interrupt)
    else this.#forgetSignal = onAbort(signal, interrupt)
  }

  get isOver(): boolean {
    return this.#state === 'over'
  }

  [Symbol.asyncIterator](): EventQueue<SpeechProgress> {
    const reader: EventQueue<SpeechProgress> = new EventQueue(
      () => this.#readers.delete(reader),
      keptSteps,
    )
    this.#readers.add(reader)
    if (this.isOver) this.#endReaders()
    return reader
  }

  /** Performs the utterance. Resolves when the next one may begin, and never rejects. */
  run(): Promise<void> {
    if (this.#state !== 'waiting') return this.#turnOver.promise
    this.#state = 'running'
    this.perform(this.#stop.signal).then(
      () => this.#settle(),
      (error: unknown) => this.fail(error),
    )
    return this.#turnOver.promise
  }

  interrupt(): Promise<SpeechOutcome> {
    if (this.#state === 'over') return this.finished
    this.#wasInterrupted = true
    this.#interrupted.resolve(true)
    if (this.#state === 'waiting') this.#settle()
    else this.#stop.abort()
    return this.finished
  }

  /**
   * Like {@link interrupt}, for a text that follows at once: the service replaces this text when the
   * successor is sent.
   */
  giveWay(successor: Utterance): void {
    this.successor = successor
    void this.interrupt()
    this.#turnOver.resolve()
  }

  fail(error: unknown): void {
    if (this.#state === 'over') return
    // Report a RangeError as an invalid payload: it names a mistake in the caller's text or audio.
    const reason =
      error instanceof RangeError
        ? new IvhValidationError([{ path: this.kind, message: error.message }], {
            sessionId: this.context.sessionId,
          })
        : error
    for (const promise of [this.#started, this.#finished, this.#interrupted]) promise.reject(reason)
    this.#end()
  }

  /** Sends the whole utterance and resolves when the utterance is over. Ends early when `stop` fires. */
  protected abstract perform(stop: AbortSignal): Promise<void>

  /** Releases the resources of the utterance. Called at its end, even when it was never performed. */
  protected release(): void {}

  /** Records that the service ended the utterance early. */
  protected markInterrupted(): void {
    this.#wasInterrupted = true
  }

  protected createCommand(
    confirmedBy: ConfirmationRule,
    onEvent?: (message: DownlinkMessage) => void,
  ): Command {
    const command = new Command(this.context, {
      confirmedBy,
      onUncertain: this.#options.onUncertain ?? 'report',
      onEvent: (message) => {
        onEvent?.(message)
        this.#report(message)
      },
    })
    this.#commands.add(command)
    void command.started.then(() => this.#begun(command))
    void command.sent.then(() => command.wasSent && this.#sent.resolve())
    return command
  }

  /**
   * Waits, for a limited time, for the end of a command that was stopped.
   *
   * @param unheardMs Length of the sound before that end.
   */
  protected async settled(command: Command, unheardMs = 0): Promise<void> {
    try {
      await atMost(this.context.clock, unheardMs + interruptMs, command.ended)
    } finally {
      command.abandon()
    }
  }

  #begun(command: Command): void {
    if (!command.hasStarted || this.#state === 'over') return
    this.#started.resolve(true)
    this.onStarted()
  }

  #report(message: DownlinkMessage): void {
    const { kind, speakStatus, seq } = message
    const step = { kind, speakStatus, seq, message }
    for (const reader of this.#readers) reader.put(step)
    const logFailure = (error: unknown) =>
      this.context.logger.error(`onProgress failed: ${String(error)}`)
    try {
      const returned: unknown = this.#options.onProgress?.(step)
      if (returned instanceof Promise) returned.catch(logFailure)
    } catch (error) {
      logFailure(error)
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
    for (const command of this.#commands) command.abandon()
    this.#endReaders()
    this.#turnOver.resolve()
    this.onOver()
  }

  #endReaders(): void {
    for (const reader of this.#readers) {
      this.finished.then(
        () => reader.end(),
        (error: unknown) => reader.end({ error }),
      )
    }
  }
}
