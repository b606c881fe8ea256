import type { ResolvedGatewayOptions } from '../options'
import type { CallLog } from '../record/call-log'
import type { EventLog } from '../record/event-log'
import type { EmulatedSession } from '../sessions/emulated-session'
import type { SessionStore } from '../sessions/session-store'
import type { SpeechMessage } from '../speech/speak-status'
import type { PayloadReader } from '../wire/payload-reader'
import { Refusal, refusalMessage } from '../wire/refusal'
import { responseHeader } from '../wire/response-header'
import { perform } from './perform'
import { type Uplink, uplinkSchema } from './uplink'

/** Transport of a channel's messages: a WebSocket, or a fake in a test. */
export interface ChannelWire {
  /** Sends one JSON text to the client. */
  send(text: string): void
  /** Closes the connection with a WebSocket close code and a reason. */
  close(code: number, reason: string): void
  /** Breaks the connection without a close frame. */
  terminate(): void
}

export interface ChannelServices {
  readonly options: ResolvedGatewayOptions
  readonly store: SessionStore
  readonly calls: CallLog
  readonly events: EventLog
  readonly payloads: PayloadReader
}

/** The server side of one command channel (1240/100396). */
export class ServerChannel {
  readonly #session: EmulatedSession
  readonly #wire: ChannelWire
  readonly #services: ChannelServices
  readonly #cutAtMessage: number | undefined
  readonly #onClosed: () => void
  readonly #schema: ReturnType<typeof uplinkSchema>
  #sent = 0
  #open = false
  #cancelIdle = () => {}

  constructor(
    session: EmulatedSession,
    wire: ChannelWire,
    services: ChannelServices,
    {
      obstacle,
      cutAtMessage,
      onClosed,
    }: {
      /** The reason to close the channel at once. */
      obstacle: string | undefined
      cutAtMessage: number | undefined
      onClosed: () => void
    },
  ) {
    this.#session = session
    this.#wire = wire
    this.#services = services
    this.#cutAtMessage = cutAtMessage
    this.#onClosed = onClosed
    this.#schema = uplinkSchema(services.options.streamTextLimitBytes)
    if (obstacle === undefined) this.#begin()
    else this.#closeAtOnce(obstacle)
  }

  get isOpen(): boolean {
    return this.#open
  }

  /** Handles one text message of the client. Errors are sent to the client, never thrown. */
  receive(text: string): void {
    if (!this.#open) return
    const { calls, options, payloads } = this.#services
    const payload = payloadOf(payloads, text)
    const ended = calls.begin('channelMessage', payload, undefined)
    try {
      this.#handle(payload)
      ended({ status: 200, code: 0, message: '' })
    } catch (error) {
      // Any other error comes from a media plane. The channel stays open.
      const refusal =
        error instanceof Refusal
          ? error
          : new Refusal(100000, 'an internal error of the emulator; see its log')
      if (refusal !== error) this.#services.events.warn('channel', String(error), this.#session.id)
      const message = refusalMessage(refusal)
      ended({ status: 200, code: refusal.code, message })
      this.#refuse(payload, refusal.code, message, options.channelErrorIn)
    }
  }

  /** Answers a binary frame with an error, because the protocol has only text frames. */
  receiveBinary(): void {
    if (!this.#open) return
    const message = 'InvalidParameter:the command channel takes text frames with JSON, not binary'
    this.#refuse(undefined, 100001, message, this.#services.options.channelErrorIn)
  }

  /** Handles the loss of the connection. The session stays open, and the client may open another channel. */
  disconnected(): void {
    this.#leave('the client disconnected')
  }

  close(code: number, reason: string): void {
    if (this.#leave(reason)) this.#wire.close(code, reason)
  }

  /** Breaks the connection, as a network or a restart of the service does. */
  cut(reason: string): void {
    if (this.#leave(reason)) this.#wire.terminate()
  }

  /** Sends the recent states, then every new message. */
  #begin(): void {
    const { ending, id, speaker } = this.#session
    this.#open = true
    this.#services.events.info('channel', 'command channel opened', id)
    ending.signal.addEventListener('abort', this.#onSessionEnd)
    this.#awaitTraffic()
    for (const message of speaker.replay) this.#sendMessage(message)
    if (this.#open) speaker.listener = (message) => this.#sendMessage(message)
  }

  #closeAtOnce(reason: string): void {
    this.#services.events.warn('channel', `command channel refused: ${reason}`, this.#session.id)
    this.#wire.close(1000, reason)
  }

  #handle(payload: unknown): void {
    if (payload === undefined) {
      throw new Refusal(100001, 'a message must be JSON: {"Header": {}, "Payload": {…}}')
    }
    const { payloads, store } = this.#services
    const uplink: Uplink = payloads.check(this.#schema, payload)
    if (uplink.SessionId !== this.#session.id) {
      throw new Refusal(
        100001,
        `bad request parameter: Payload.SessionId must be ${this.#session.id}, the session of this channel`,
      )
    }
    perform(uplink, this.#session.speaker)
    store.touch(this.#session)
    this.#awaitTraffic()
  }

  #awaitTraffic(): void {
    // Stop here if a fault has cut the channel at one of the sent messages.
    if (!this.#open) return
    const { clock, channelIdleTimeoutMs } = this.#services.options
    this.#cancelIdle()
    this.#cancelIdle = clock.after(channelIdleTimeoutMs, () =>
      this.close(1000, `no heartbeat and no command for ${channelIdleTimeoutMs} ms`),
    )
  }

  readonly #onSessionEnd = () =>
    this.close(1000, `the session is closed: ${this.#session.errorMessage}`)

  #sendMessage(message: SpeechMessage): void {
    if (message.Type === 9) {
      const { ReqId, ErrorCode, ErrorMsg } = message
      this.#sendError(9, ReqId, ErrorCode, ErrorMsg, this.#services.options.channelErrorIn)
      return
    }
    this.#send({ Code: 0, Message: '' }, { ...message, SessionId: this.#session.id })
  }

  #refuse(
    payload: unknown,
    code: number,
    message: string,
    where: ResolvedGatewayOptions['channelErrorIn'],
  ): void {
    // Type 0 is an error without a command (Tencent's H5 demo).
    this.#sendError(payload === undefined ? 0 : 9, reqIdOf(payload), code, message, where)
  }

  #sendError(
    type: 0 | 9,
    reqId: string,
    code: number,
    message: string,
    where: ResolvedGatewayOptions['channelErrorIn'],
  ): void {
    const inHeader = where !== 'payload'
    const inPayload = where !== 'header'
    this.#send(inHeader ? { Code: code, Message: message } : { Code: 0, Message: '' }, {
      Type: type,
      SessionId: this.#session.id,
      ReqId: reqId,
      Seq: 0,
      ...(inPayload && { ErrorCode: code, ErrorMsg: message }),
    })
  }

  #send(header: { Code: number; Message: string }, payload: object): void {
    if (!this.#open) return
    this.#sent += 1
    if (this.#sent === this.#cutAtMessage) {
      this.cut(`cut at message ${this.#sent} (fault)`)
      return
    }
    const { createId } = this.#services.options
    const Header = responseHeader(createId, header.Code, header.Message)
    this.#wire.send(JSON.stringify({ Header, Payload: payload }))
  }

  #leave(reason: string): boolean {
    if (!this.#open) return false
    this.#open = false
    this.#cancelIdle()
    this.#session.ending.signal.removeEventListener('abort', this.#onSessionEnd)
    this.#session.speaker.listener = undefined
    this.#services.events.info('channel', `command channel closed: ${reason}`, this.#session.id)
    this.#onClosed()
    return true
  }
}

/** Returns the payload of a message, or undefined for a malformed message. */
function payloadOf(payloads: PayloadReader, text: string): Record<string, unknown> | undefined {
  try {
    return payloads.payloadOf(JSON.parse(text))
  } catch {
    return undefined
  }
}

function reqIdOf(payload: unknown): string {
  if (typeof payload !== 'object' || payload === null || !('ReqId' in payload)) return ''
  return typeof payload.ReqId === 'string' ? payload.ReqId : ''
}
