import { createHash } from 'node:crypto'
import type { ResolvedGatewayOptions } from '../options'
import { AudioCommand, type AudioPacket } from './audio-command'
import { type CommandOutput, createCommandOutput, type SpeakerHost } from './command-output'
import { RecentCommands } from './recent-commands'
import type { SpeakStatus, SpeechMessage } from './speak-status'
import * as refusals from './speech-refusals'
import type { SpokenCommand } from './spoken-command'
import { ssmlProblem } from './ssml'
import { StreamCommand, type StreamPacket } from './stream-command'
import { TextCommand } from './text-command'

/** One SEND_TEXT. */
export interface TextRequest {
  readonly text: string
  readonly interrupt: boolean
  /** `VideoSeiInfo`: the SEI carries it while the text is spoken. */
  readonly seiData?: string | undefined
}

/** Returns a short hash that identifies a text, to save memory. */
function textContent(text: string): string {
  return createHash('sha256').update(text).digest('base64')
}

/** The speech of one session: decides which command may start, and reports its progress. */
export class Speaker {
  /** The speak status of statsession, which ignores the three sentence states (1240/100389). */
  status: SpeakStatus = 'Initial'
  /** Receives each message while a command channel is open. */
  listener: ((message: SpeechMessage) => void) | undefined
  readonly #host: SpeakerHost
  readonly #options: ResolvedGatewayOptions
  #recent = new RecentCommands()
  #current: SpokenCommand | undefined
  /** Cancels the report of an interrupted command's end. Set between the interrupt and that report. */
  #cancelOver: (() => void) | undefined
  #lastTextAt = Number.NEGATIVE_INFINITY

  constructor(host: SpeakerHost, options: ResolvedGatewayOptions) {
    this.#host = host
    this.#options = options
  }

  /** The speak states of the last three commands, oldest first (1240/100401). */
  get replay(): readonly SpeechMessage[] {
    return this.#recent.statuses
  }

  /** Handles SEND_TEXT. @throws Refusal 100001, 100012, 110015. */
  text(reqId: string, { text, interrupt, seiData = '' }: TextRequest): void {
    if (text === '') {
      if (!interrupt) throw refusals.nothingToDo()
      this.#interruptText()
      return
    }
    const content = textContent(text)
    if (this.#isRepeated(reqId, content)) return
    this.#refuseWrongSsml(reqId, text)
    this.#refuseDuringAudio('text')
    this.#refuseTooSoon()
    this.#send({ Type: 1, ReqId: reqId, Seq: 0, Text: text })
    this.#begin(reqId, content, seiData, (output) => new TextCommand(output, reqId, text))
  }

  /** Handles SEND_STREAMTEXT with text or the final flag. @throws Refusal 100001, 110015. */
  streamText(reqId: string, packet: StreamPacket, seiData = ''): void {
    const current = this.#current
    if (current instanceof StreamCommand && current.reqId === reqId) {
      this.#refuseInterrupted()
      try {
        if (packet.sentence) this.#refuseWrongSsml(reqId, packet.text)
      } catch (refusal) {
        // The packet counts: `Seq` numbers what the client sends (1240/100399).
        current.skip(packet.seq)
        throw refusal
      }
      current.add(packet)
      return
    }
    if (packet.sentence) this.#refuseWrongSsml(reqId, packet.text)
    this.#refuseDuringAudio('stream text')
    this.#refuseUnlessFirst(reqId, packet.seq)
    const { streamMaxIntervalMs } = this.#host
    this.#begin(
      reqId,
      'stream text',
      seiData,
      (output) => new StreamCommand(output, reqId, packet.sentence, streamMaxIntervalMs),
    ).add(packet)
  }

  /** Handles SEND_AUDIO with audio or the final flag. @throws Refusal 100001, 100012, 110015. */
  audio(reqId: string, packet: AudioPacket, seiData = ''): void {
    if (this.#host.driverType !== 3) throw refusals.audioNotSupported()
    const current = this.#current
    if (current instanceof AudioCommand && current.reqId === reqId) {
      this.#refuseInterrupted()
      current.add(packet)
      return
    }
    this.#refuseDuringAudio('other audio')
    if (current) throw refusals.textPlaying()
    this.#refuseUnlessFirst(reqId, packet.seq)
    const { streamMaxIntervalMs } = this.#host
    const refuseTooFast = this.#options.audioTooFast === 'refuse'
    this.#begin(
      reqId,
      'audio',
      seiData,
      (output) => new AudioCommand(output, reqId, streamMaxIntervalMs, refuseTooFast),
    ).add(packet)
  }

  /** Interrupts the stream text or audio of this ReqId. No-op when it is over. */
  cut(reqId: string): void {
    if (this.#current?.reqId === reqId) this.#interrupt(this.#current)
  }

  /** Stops all speech without a message, because the session is over. */
  end(): void {
    const kind = this.#current?.kind
    this.#current?.abandon()
    this.#leave()
    this.listener = undefined
    // No channel opens again, so nothing is sent again.
    this.#recent = new RecentCommands()
    if (kind) this.status = kind === 'audio' ? 'AudioOver' : 'TextOver'
  }

  #interruptText(): void {
    const current = this.#current
    if (!current) return
    if (current.kind === 'audio') this.#refuseDuringAudio('an interrupt by SEND_TEXT')
    if (!current.started) throw refusals.interruptTooEarly()
    this.#interrupt(current)
  }

  /** Silences a command. Its end is reported later; until then no other command may start. */
  #interrupt(current: SpokenCommand): void {
    if (this.#cancelOver) return
    const { clock, interruptDelayMs } = this.#options
    current.hush()
    this.#cancelOver = clock.after(interruptDelayMs, () => current.cut())
  }

  #refuseInterrupted(): void {
    if (this.#cancelOver) throw refusals.commandInterrupted()
  }

  /** Returns true for a text that a network or a client sends again: it is spoken once. */
  #isRepeated(reqId: string, content: string): boolean {
    const before = this.#recent.content(reqId)
    if (before === undefined) return false
    if (before !== content) throw refusals.reqIdUsed()
    this.#host.log(`${reqId}: repeated text with the same ReqId, not spoken again`)
    return true
  }

  #refuseDuringAudio(next: string): void {
    if (this.#current?.kind === 'audio') throw refusals.audioPlaying(next)
  }

  #refuseWrongSsml(reqId: string, text: string): void {
    const problem = ssmlProblem(text)
    if (!problem) return
    if (this.#options.ssml === 'strict') throw refusals.wrongSsml(problem)
    this.#host.log(`${reqId}: the SSML is not as documented: ${problem}`)
  }

  #refuseTooSoon(): void {
    const now = this.#options.clock.now()
    const { textSpacingMs } = this.#options
    const passedMs = now - this.#lastTextAt
    if (textSpacingMs > 0 && passedMs <= textSpacingMs) {
      throw refusals.textTooSoon(passedMs, textSpacingMs)
    }
    this.#lastTextAt = now
  }

  #refuseUnlessFirst(reqId: string, seq: number): void {
    if (this.#recent.content(reqId) !== undefined) {
      if (this.#current?.reqId === reqId) throw refusals.reqIdUsed()
      throw refusals.commandOver()
    }
    if (seq !== 1) throw refusals.wrongFirstSeq(seq)
  }

  #begin<Kind extends SpokenCommand>(
    reqId: string,
    content: string,
    seiData: string,
    create: (output: CommandOutput) => Kind,
  ): Kind {
    // New text replaces the current text, whose TextOver comes first (1240/108576).
    this.#current?.cut()
    this.#recent.begin(reqId, content)
    const command = create(this.#createOutput(reqId, seiData))
    this.#current = command
    return command
  }

  #createOutput(reqId: string, seiData: string): CommandOutput {
    const { clock, speechDelayMs, waitingStates } = this.#options
    const isCurrent = () => this.#current?.reqId === reqId
    return createCommandOutput({
      reqId,
      seiData,
      host: this.#host,
      clock,
      speechDelayMs,
      waitingStates,
      setStatus: (status) => {
        this.status = status
      },
      send: (message) => this.#send(message),
      abandon: () => {
        if (isCurrent()) this.#current?.abandon()
      },
      finished: () => {
        if (isCurrent()) this.#leave()
      },
    })
  }

  #leave(): void {
    this.#cancelOver?.()
    this.#cancelOver = undefined
    this.#current = undefined
  }

  #send(message: SpeechMessage): void {
    this.#recent.remember(message)
    if (message.Type === 3) this.#host.log(`${message.ReqId}: ${message.SpeakStatus}`)
    this.listener?.(message)
  }
}
