import { createDeferred } from '../../async/deferred'
import { pause } from '../../async/pause'
import { unless } from '../../async/race'
import { IvhApiError, IvhSessionError } from '../../errors'
import type { DownlinkMessage } from '../../protocol/downlink'
import { Confirmation, type ConfirmationRule } from './confirmation'
import { Recovery } from './recovery'
import { isSilent, type OnUncertain } from './recovery-verdict'
import { Refusals, tooLateCode } from './refusals'
import { SilenceLimit } from './silence-limit'
import type { SpeechContext } from './speech-context'
import type { Packet } from './unconfirmed-packets'

/** Interval of the requests for SpeakStatus after a packet was refused, in milliseconds. */
const statusIntervalMs = 2_000
/** Time without an event after which a command with a refused packet fails, in milliseconds. */
const longestRefusedMs = 150_000
/** Delay before a frame that the socket did not accept is sent again, in milliseconds. */
const retrySendMs = 20

const startStates = new Set(['TextStart', 'AudioStart'])
const overStates = new Set(['TextOver', 'AudioOver'])

/** The outcome of a command. */
export interface CommandEnd {
  /**
   * `FinalType`: 1 for the client's final packet, 2 for the service's timeout, 3 for an interrupt; undefined
   * when the service reports none.
   */
  readonly finalType: number | undefined
}

export interface CommandOptions {
  readonly confirmedBy: ConfirmationRule
  readonly onUncertain: OnUncertain
  readonly onEvent: (message: DownlinkMessage) => void
}

/** One ReqId on the command channel: its packets, its events, its start and its end. */
export class Command {
  readonly reqId: string
  /** Refused packets, while the command continues. */
  readonly refusals = new Refusals()
  readonly #context: SpeechContext
  readonly #onEvent: (message: DownlinkMessage) => void
  readonly #confirmation: Confirmation
  readonly #recovery: Recovery
  readonly #silence: SilenceLimit
  readonly #over = new AbortController()
  readonly #halt = new AbortController()
  /** Fires when no more content may be sent: over, uncertain, or refused. */
  readonly halt: AbortSignal = this.#halt.signal
  readonly #sent = createDeferred()
  /** Resolves when the first packet has been sent, or the command ends before that. */
  readonly sent = this.#sent.promise
  readonly #started = createDeferred()
  /** Resolves when the service reports the start, or the command ends before that. */
  readonly started = this.#started.promise
  readonly #ended = createDeferred<CommandEnd>()
  /** Resolves when the command is over. @throws IvhApiError, IvhTimeoutError when it failed. */
  readonly ended = this.#ended.promise
  readonly #concluded = createDeferred()
  /** Resolves when the command is over, failed or uncertain. */
  readonly concluded = this.#concluded.promise
  readonly #finalRefused = createDeferred()
  /** Resolves when the service has refused a packet and the final packet after it. */
  readonly finalRefused = this.#finalRefused.promise
  #hasStarted = false
  /** The packet that broke the command off. */
  #lastPacket: Packet | undefined

  constructor(context: SpeechContext, { confirmedBy, onUncertain, onEvent }: CommandOptions) {
    this.#context = context
    this.#onEvent = onEvent
    this.reqId = context.createId()
    this.#confirmation = new Confirmation(confirmedBy)
    this.#silence = new SilenceLimit(context, {
      reqId: this.reqId,
      isKnown: () => this.#confirmation.known,
      expired: (timeout) => this.fail(this.refusals.error ?? timeout),
    })
    this.#recovery = new Recovery(context, {
      reqId: this.reqId,
      confirmation: this.#confirmation,
      onUncertain,
      over: this.#over.signal,
      resend: (frame) => this.#sendFrame(frame),
      onUnconfirmed: (error) => {
        this.#halt.abort()
        this.#concluded.resolve()
        if (confirmedBy === 'whole') this.fail(error)
      },
      onOver: () => this.abandon(),
    })
    context.commands.add(this)
  }

  get isOver(): boolean {
    return this.#over.signal.aborted
  }

  /** True when a packet has been given to a connection. */
  get wasSent(): boolean {
    return this.sentSeq > 0
  }

  /** `Seq` of the last packet that was sent; 0 before the first. */
  get sentSeq(): number {
    return this.#confirmation.unconfirmed.sentSeq
  }

  /** True when the service has reported the start. */
  get hasStarted(): boolean {
    return this.#hasStarted
  }

  /**
   * True when another command has begun since. A later text replaces this text in the service, and packets
   * for this command would hit the later text.
   */
  get superseded(): boolean {
    return this.wasSent && !this.#context.commands.isNewest(this)
  }

  /** The error when the arrival of packets stays unknown; otherwise undefined. */
  get uncertain(): IvhSessionError | undefined {
    return this.#recovery.uncertain
  }

  /**
   * Sends one packet when the channel accepts it and no recovery is running. Resolves with false when the
   * command is over or superseded, or `stop` fires, before that. A final packet is not sent once the
   * command is uncertain.
   */
  send(packet: Packet, stop?: AbortSignal): Promise<boolean> {
    return this.#send(packet, stop, true)
  }

  /** Sends the last packet of a command early. Of the lost packets, only this packet is sent again. */
  async breakOff(packet: Packet): Promise<void> {
    this.stopRecovery()
    if (await this.#send(packet, undefined, false)) this.#lastPacket = packet
  }

  /** Stops recovery so that the command cannot start late. The caller limits the time until its end. */
  stopRecovery(): void {
    this.#recovery.breakOff()
    this.#silence.stop()
  }

  /** Processes a message of the service about this command. */
  receive(message: DownlinkMessage, repeated: boolean): void {
    if (this.isOver) return
    this.#silence.active()
    this.#confirmation.quietSince = this.#context.clock.now()
    if (message.error) {
      if (!repeated && !this.#recovery.excuses(message.error.code)) this.#refused(message)
      return
    }
    const { finalType, seq, speakStatus = '' } = message
    this.#confirmation.receive(speakStatus, seq)
    if (repeated) return
    if (startStates.has(speakStatus)) {
      this.#hasStarted = true
      this.#started.resolve()
    }
    this.#onEvent(message)
    if (message.kind === 'dropped') this.#dropped(message)
    if (!overStates.has(speakStatus)) return
    this.#recovery.ended(finalType)
    this.#end({ finalType: finalType === 2 && this.refusals.onlyFinal ? 1 : finalType })
  }

  /** Call it for each new connection, before anything is sent on it. */
  connected(): void {
    if (this.isOver || !this.wasSent) return
    this.#recovery.connected()
    // Send the last packet again: it may be lost too, and a second copy does no harm.
    if (this.#lastPacket && !this.superseded) this.#context.channel.send(this.#lastPacket.frame)
  }

  /** Ends the command without waiting for the service. */
  abandon(): void {
    this.#end({ finalType: undefined })
  }

  fail(error: unknown): void {
    if (this.isOver) return
    this.#ended.reject(error)
    this.#release()
  }

  async #send(
    packet: Packet,
    stop: AbortSignal | undefined,
    afterRecovery: boolean,
  ): Promise<boolean> {
    const { channel, clock } = this.#context
    for (;;) {
      if (this.isOver || this.superseded || stop?.aborted) return false
      if (afterRecovery && packet.final && this.uncertain) return false
      const recovered = afterRecovery ? this.#recovery.done : undefined
      if (!channel.isWritable) await unless(channel.ready(), this.#over.signal, stop)
      else if (recovered !== undefined) await unless(recovered, this.#over.signal, stop)
      else if (this.#sendFirst(packet)) return true
      else await pause(clock, retrySendMs, stop ?? this.#over.signal)
    }
  }

  /** Sends a packet for the first time. */
  #sendFirst(packet: Packet): boolean {
    if (!this.#sendFrame(packet.frame)) return false
    const isFirst = !this.wasSent
    this.#confirmation.sent(packet)
    if (!isFirst) return true
    this.#context.commands.begun(this)
    this.#sent.resolve()
    this.#silence.start()
    return true
  }

  #sendFrame(frame: string): boolean {
    if (!this.#context.channel.send(frame)) return false
    this.#silence.active()
    return true
  }

  #refused({ error, kind, requestId }: DownlinkMessage): void {
    if (!error) return
    const { sessionId } = this.#context
    const { reqId } = this
    const refusal = new IvhApiError(error.code, error.message, { reqId, sessionId, requestId })
    const { known, rule, unconfirmed } = this.#confirmation
    if (rule === 'whole' || kind === 'status' || !Refusals.isOfPacket(error.code)) {
      this.fail(refusal)
      return
    }
    this.refusals.add(refusal, known && unconfirmed.hasFinal)
    if (this.refusals.error) this.#halt.abort()
    const isFinal = this.refusals.count > 1 && unconfirmed.hasFinal
    if (isFinal && error.code !== tooLateCode) this.#finalRefused.resolve()
    const refusedAll = !known && this.refusals.count >= unconfirmed.sentSeq
    if (refusedAll) this.fail(this.refusals.error)
    else if (this.refusals.count === 1) void this.#endInSilence()
  }

  /**
   * Ends the command when the service is silent: it may be over without an event. Fails when the service only
   * says that it speaks.
   */
  async #endInSilence(): Promise<void> {
    const { clock, speakStatus } = this.#context
    while (await pause(clock, statusIntervalMs, this.#over.signal)) {
      if (isSilent(await speakStatus())) return this.abandon()
      const isStuck = clock.now() - this.#confirmation.quietSince > longestRefusedMs
      if (isStuck) return this.fail(this.refusals.error)
    }
  }

  #dropped({ requestId }: DownlinkMessage): void {
    const { sessionId } = this.#context
    const { reqId } = this
    const message =
      'The service dropped the utterance, because it is speaking a text that must not be interrupted'
    const hint = 'Say it again later, or say a text with interrupt: true, which forces it.'
    const context = { sessionId, reqId, requestId, hint }
    this.fail(new IvhSessionError('not-interruptible', message, context))
  }

  #end(end: CommandEnd): void {
    if (this.isOver) return
    this.#ended.resolve(end)
    this.#release()
  }

  #release(): void {
    this.#sent.resolve()
    this.#started.resolve()
    this.#concluded.resolve()
    this.#silence.stop()
    this.#over.abort()
    this.#halt.abort()
    this.#context.commands.delete(this)
  }
}
