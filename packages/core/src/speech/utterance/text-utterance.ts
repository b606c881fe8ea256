import { atMost, unless } from '../../async/race'
import { commandFrame } from '../../channel/command-frame'
import { IvhApiError } from '../../errors'
import type { Command, CommandEnd } from '../command/command'
import type { SpeechContext } from '../command/speech-context'
import { spokenParts } from '../text/speak-element'
import { interruptMs, Utterance, type UtteranceOptions } from './utterance'

/** Maximum size of a SEND_TEXT, in bytes of UTF-8 (1240/100397). */
const longestTextBytes = 4_000
/** Code for a text that arrived too soon after another text. */
const tooSoonCode = 100012
/** Maximum number of repeats of a refused text: the network may bring two texts closer together. */
const mostRepeats = 2

/** Optional fields of SEND_TEXT. */
export interface TextExtras {
  readonly ChatCommand?: string
  readonly ChatRoundId?: string
  readonly CloudAiVisitorBizId?: string
  readonly VideoSeiInfo?: string
  readonly SmartActionEnabled?: boolean
  readonly Interrupt?: boolean
}

/** An utterance from a whole text. A long text becomes several commands, one after the other. */
export class TextUtterance extends Utterance {
  readonly kind = 'text'
  readonly #text: string
  readonly #extras: TextExtras

  constructor(context: SpeechContext, text: string, extras: TextExtras, options: UtteranceOptions) {
    super(context, options)
    this.#text = text
    this.#extras = extras
  }

  protected override async perform(stop: AbortSignal): Promise<void> {
    for (const part of spokenParts(this.#text, longestTextBytes)) {
      const end = await this.#speak(part, stop)
      if (!end) return
      if (end.finalType === 3) return this.markInterrupted()
    }
  }

  /** Resolves when the service has spoken the part; with undefined when `stop` fired before. */
  async #speak(part: string, stop: AbortSignal): Promise<CommandEnd | undefined> {
    const { textPacer } = this.context
    for (let repeats = 0; ; repeats++) {
      if (!(await textPacer.due(stop))) return undefined
      try {
        return await this.#attempt(part, stop)
      } catch (error) {
        const tooSoon = error instanceof IvhApiError && error.code === tooSoonCode
        if (!tooSoon || repeats === mostRepeats) throw error
      }
      textPacer.sent()
    }
  }

  async #attempt(part: string, stop: AbortSignal): Promise<CommandEnd | undefined> {
    const command = this.createCommand('whole')
    const frame = commandFrame(this.context.sessionId, command.reqId, {
      Command: 'SEND_TEXT',
      Data: { Text: part, ...this.#extras },
    })
    if (await command.send({ seq: 1, frame, final: false, text: part }, stop)) {
      this.context.textPacer.sent()
      await unless(command.ended, stop)
    }
    if (!stop.aborted) return await command.ended
    await this.#cutOff(command)
    return undefined
  }

  async #cutOff(command: Command): Promise<void> {
    if (!command.wasSent) return command.abandon()
    if (command.isOver) return
    command.stopRecovery()
    // When the next text is sent, it replaces this text. The next text may never be sent, so also wait for
    // the end of the command.
    await Promise.race([this.successor?.sent, command.ended])
    if (!command.superseded) await this.#silence(command)
    if (command.hasStarted || command.superseded) await this.settled(command)
    else command.abandon()
  }

  async #silence(command: Command): Promise<void> {
    const { clock, createId, sessionId } = this.context
    // Wait for TextStart: the service refuses an earlier interrupt (1240/100397). Without TextStart, send the
    // interrupt after the wait all the same, because the text may begin later.
    await atMost(clock, interruptMs, Promise.race([command.started, command.ended]))
    const Data = { Text: '', Interrupt: true }
    const frame = commandFrame(sessionId, createId(), { Command: 'SEND_TEXT', Data })
    await command.breakOff({ seq: 2, frame, final: true, text: '' })
  }
}
