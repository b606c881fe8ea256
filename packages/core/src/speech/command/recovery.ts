import { pause } from '../../async/pause'
import { unless } from '../../async/race'
import { IvhSessionError } from '../../errors'
import type { Confirmation } from './confirmation'
import { audioPace, Pacer } from './pacer'
import { decideRecovery, type OnUncertain } from './recovery-verdict'
import type { SpeechContext } from './speech-context'

/** Maximum time in which the service refuses packets that it already had, in milliseconds. */
const refusalsMs = 500
/** Codes with which the service refuses a packet that it already had. */
const repetitionCodes = new Set([100001, 110015])

export interface RecoveryParts {
  readonly reqId: string
  readonly confirmation: Confirmation
  readonly onUncertain: OnUncertain
  /** Fires when the command is over. */
  readonly over: AbortSignal
  /** Sends a frame again; false when there is no connection. */
  readonly resend: (frame: string) => boolean
  /** Called when the arrival of packets stays unknown. */
  readonly onUnconfirmed: (error: IvhSessionError) => void
  /** Called when the command has ended, or will not begin, without an event. */
  readonly onOver: () => void
}

/**
 * Recovers one command after its connection was lost: waits for the events that the service repeats, and
 * sends the missing packets again.
 */
export class Recovery {
  readonly #context: SpeechContext
  readonly #parts: RecoveryParts
  #uncertain: IvhSessionError | undefined
  /** True when a connection was lost while content was unconfirmed. */
  #lossy = false
  #resent = false
  #brokenOff = false
  /** Number of refusals to ignore: they only mean that the service already had the packet. */
  #expectedRefusals = 0
  #running: { readonly cancel: AbortController; readonly done: Promise<void> } | undefined

  constructor(context: SpeechContext, parts: RecoveryParts) {
    this.#context = context
    this.#parts = parts
    parts.over.addEventListener('abort', () => this.#cancel(), { once: true })
  }

  /**
   * The error after the decision that the arrival of packets stays unknown. Only the final packet may follow.
   */
  get uncertain(): IvhSessionError | undefined {
    return this.#uncertain
  }

  /** Settles when the recovery is done; undefined when none is running. */
  get done(): Promise<void> | undefined {
    return this.#running?.done
  }

  /** True when a refusal means only that the service already had the packet. */
  excuses(code: number): boolean {
    const harmless = this.#expectedRefusals > 0 || (this.#brokenOff && this.#lossy)
    if (!harmless || !repetitionCodes.has(code)) return false
    this.#expectedRefusals = Math.max(0, this.#expectedRefusals - 1)
    this.#context.logger.debug(
      `${this.#parts.reqId}: the service already had a packet that was sent again`,
    )
    return true
  }

  /** Sends nothing again from now on. Later refusals may only mean that earlier packets are missing. */
  breakOff(): void {
    this.#brokenOff = true
    if (!this.#running) return
    this.#cancel()
    this.#start()
  }

  /** Call it for each new connection. */
  connected(): void {
    const { confirmation } = this.#parts
    this.#cancel()
    this.#lossy ||= confirmation.unconfirmed.hasContent || this.#brokenOff
    this.#expectedRefusals = 0
    confirmation.reconnected(this.#context.clock.now())
    this.#start()
  }

  /** Call it when the service reports the end of the command. */
  ended(finalType: number | undefined): void {
    const { rule, unconfirmed } = this.#parts.confirmation
    if (!this.#lossy || rule === 'whole' || !unconfirmed.hasContent) return
    // Give up: this end does not show whether the content was complete.
    if (finalType === 2 || (finalType === undefined && !this.#resent)) this.#giveUp()
  }

  #start(): void {
    const { rule, known } = this.#parts.confirmation
    // After the command was broken off, only a text that may still start needs a recovery.
    if (this.#uncertain || (this.#brokenOff && (rule !== 'whole' || known))) return
    const cancel = new AbortController()
    const running = { cancel, done: this.#recover(cancel.signal) }
    this.#running = running
    const settled = () => {
      if (this.#running === running) this.#running = undefined
    }
    running.done.then(settled, settled)
  }

  async #recover(signal: AbortSignal): Promise<void> {
    const { confirmation, onUncertain } = this.#parts
    const policy = this.#brokenOff ? 'report' : onUncertain
    const verdict = await decideRecovery(confirmation, policy, this.#context, signal)
    if (signal.aborted) return
    if (verdict === 'over' || (verdict === 'resend' && this.#brokenOff)) this.#parts.onOver()
    else if (verdict === 'uncertain' && !this.#brokenOff) this.#giveUp()
    else if (verdict === 'resend') await this.#resend(signal)
  }

  async #resend(signal: AbortSignal): Promise<void> {
    const { confirmation, reqId } = this.#parts
    const { rule, unconfirmed } = confirmation
    const { clock, logger } = this.#context
    logger.debug(`${reqId}: ${unconfirmed.packets.length} packet(s) are sent again`)
    // Expect no refusal of a text: the service cannot recognise it, because it has no Seq.
    this.#expectedRefusals = rule === 'whole' ? 0 : unconfirmed.packets.length
    this.#resent = true
    await this.#sendUnconfirmed(signal)
    // Wait for the refusals now, so that later refusals belong to later packets.
    if (!unconfirmed.hasContent || rule === 'whole') return
    await pause(clock, refusalsMs, signal)
    if (!unconfirmed.hasFinal) this.#expectedRefusals = 0
  }

  async #sendUnconfirmed(signal: AbortSignal): Promise<void> {
    const { channel, clock, textPacer } = this.#context
    const pacer = new Pacer(clock, audioPace)
    for (const { final, frame, seq, text } of [...this.#parts.confirmation.unconfirmed.packets]) {
      const isAudio = text === undefined && !final
      if (isAudio && !(await pacer.due(signal))) return
      if (!channel.isWritable) await unless(channel.ready(), signal)
      // Stop after another loss: the next connection starts another recovery.
      if (signal.aborted || !this.#parts.resend(frame)) return
      pacer.sent()
      if (seq === 1 && text !== undefined) textPacer.sent()
    }
  }

  #giveUp(): void {
    if (this.#uncertain) return
    const uncertain = this.#parts.confirmation.unconfirmed.range
    const { firstSeq, lastSeq } = uncertain
    const packets =
      firstSeq === lastSeq ? `packet ${firstSeq}` : `packets ${firstSeq} to ${lastSeq}`
    this.#uncertain = new IvhSessionError(
      'delivery-unknown',
      `The connection was lost, and the service does not report whether it received ${packets} of the utterance`,
      {
        sessionId: this.#context.sessionId,
        reqId: this.#parts.reqId,
        uncertain,
        hint: 'All earlier packets were spoken. Say the rest again if a repetition does no harm, or pass onUncertain: "resend".',
      },
    )
    this.#parts.onUnconfirmed(this.#uncertain)
  }

  #cancel(): void {
    this.#running?.cancel.abort()
    this.#running = undefined
  }
}
