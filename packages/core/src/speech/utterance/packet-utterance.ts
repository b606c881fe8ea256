import { unless } from '../../async/race'
import { IvhSessionError } from '../../errors'
import type { DownlinkMessage } from '../../protocol/downlink'
import type { Command, CommandEnd } from '../command/command'
import type { ConfirmationRule } from '../command/confirmation'
import { tooLateCode } from '../command/refusals'
import type { SpeechContext } from '../command/speech-context'
import type { Packet } from '../command/unconfirmed-packets'
import { type Material, type Source, SourceReader } from './source-reader'
import { Utterance, type UtteranceOptions } from './utterance'

/**
 * The reason for the final packet of a command: everything was sent, or an interrupt came before or after
 * that.
 */
export type Closing = 'complete' | 'cut' | 'cut-after-all'

/** An utterance in packets. Its source may still produce values while the service speaks. */
export abstract class PacketUtterance<Content> extends Utterance {
  protected readonly source: SourceReader<Content>
  protected abstract readonly confirmedBy: ConfirmationRule

  constructor(
    context: SpeechContext,
    source: Source<unknown>,
    material: Material<Content>,
    options: UtteranceOptions,
  ) {
    super(context, options)
    this.source = new SourceReader(source, material)
  }

  /**
   * Sends the content of the source until it ends or `stop` fires. Resolves with true when the source pauses
   * for longer than a command allows, so that another command must send the rest.
   */
  protected abstract sendAll(command: Command, stop: AbortSignal): Promise<boolean>

  /** The final packet, if the command needs one. */
  protected abstract closing(command: Command, seq: number, how: Closing): Packet | undefined

  /** True when this end means that a part was not spoken. */
  protected abstract wasCut(end: CommandEnd): boolean

  /** Length of the sent audio that was not played yet, in milliseconds. */
  protected unheardMs(): number {
    return 0
  }

  protected receive(_command: Command, _message: DownlinkMessage): void {}

  protected override release(): void {
    this.source.release()
  }

  protected override async perform(stop: AbortSignal): Promise<void> {
    stop.addEventListener('abort', () => this.release(), { once: true })
    let unfinished = true
    while (unfinished) unfinished = await this.#performCommand(stop)
  }

  /** Resolves with true when another command sends the rest. */
  async #performCommand(stop: AbortSignal): Promise<boolean> {
    const command: Command = this.createCommand(this.confirmedBy, (message) =>
      this.receive(command, message),
    )
    const reading = AbortSignal.any([stop, command.halt])
    const release = () => this.source.release()
    reading.addEventListener('abort', release, { once: true })
    let pauses = false
    let spoken = false
    try {
      pauses = await this.sendAll(command, reading)
    } finally {
      reading.removeEventListener('abort', release)
      if (!pauses) release()
      spoken = await this.#finish(command, stop)
    }
    return pauses && spoken
  }

  /** Resolves with true when the service has spoken all that was sent. */
  async #finish(command: Command, stop: AbortSignal): Promise<boolean> {
    if (!command.wasSent) {
      command.abandon()
      return true
    }
    const complete = !command.isOver
    if (complete) await this.#close(command, stop)
    if (stop.aborted) return false
    if (command.uncertain) throw command.uncertain
    const end = await command.ended
    const refusal = command.refusals.error
    const tooLate = !complete || refusal?.code === tooLateCode
    if (tooLate && end.finalType === 2) throw this.#sourcePaused(command)
    if (refusal) throw refusal
    const spoken = complete && !this.wasCut(end)
    if (!spoken) this.markInterrupted()
    return spoken
  }

  async #close(command: Command, stop: AbortSignal): Promise<void> {
    const next = command.sentSeq + 1
    const final = this.closing(command, next, 'complete')
    const sentAll = final !== undefined && (await command.send(final, stop))
    if (sentAll) await this.#concluded(command, stop)
    if (command.isOver) return
    const seq = sentAll ? next + 1 : next
    const how = stop.aborted ? (sentAll ? 'cut-after-all' : 'cut') : 'complete'
    const last = sentAll && !stop.aborted ? undefined : this.closing(command, seq, how)
    if (last) await command.breakOff(last)
    await this.settled(command, this.unheardMs())
  }

  /**
   * Waits for the end after the final packet. When the service refuses that packet too, sends it with the Seq
   * that follows the accepted packets: the documents do not say whether a refused packet counts, and without
   * a final packet the service would wait.
   */
  async #concluded(command: Command, stop: AbortSignal): Promise<void> {
    await unless(Promise.race([command.concluded, command.finalRefused]), stop)
    if (command.isOver || stop.aborted) return
    if (command.refusals.count > 1) {
      const accepted = command.sentSeq - command.refusals.count
      const last = this.closing(command, accepted + 1, 'complete')
      if (last) await command.breakOff(last)
    }
    await unless(command.concluded, stop)
  }

  #sourcePaused({ refusals, reqId }: Command): IvhSessionError {
    return new IvhSessionError(
      'source-paused',
      'The source paused for longer than StreamMaxInterval, so the service ended the utterance. Everything sent before the pause was spoken, the rest was not.',
      {
        sessionId: this.context.sessionId,
        reqId,
        ...(refusals.error && { cause: refusals.error }),
        hint: 'Say the rest again. For a source that pauses, open the session with a longer streamMaxIntervalMs.',
      },
    )
  }
}
