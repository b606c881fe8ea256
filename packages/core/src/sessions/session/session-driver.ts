import type { Clock } from '@ivh-kit/kernel'
import type { Dispatcher } from 'undici'
import type { ChannelEnd } from '../../channel/channel-end'
import { channelUrl } from '../../channel/channel-url'
import { CommandChannel } from '../../channel/command-channel'
import { undiciWebSockets } from '../../channel/undici-web-socket'
import type { WebSocketFactory } from '../../channel/web-socket-like'
import type { ChannelState } from '../../contracts/channel-state'
import type { SayOptions, SendAudioOptions } from '../../contracts/say-options'
import type { SessionEventMap, SessionEventType } from '../../contracts/session-events'
import type { SpeechHandle } from '../../contracts/speech-handle'
import { IvhConfigError, type IvhError, IvhValidationError } from '../../errors'
import type { Logger } from '../../logging/logger'
import type { DriverType } from '../../protocol'
import type { ServerTime } from '../../signing/server-time'
import { CommandRegistry } from '../../speech/command/command-registry'
import { Pacer, textPace } from '../../speech/command/pacer'
import type { SpeechContext } from '../../speech/command/speech-context'
import { isSsml, type Ssml } from '../../speech/text/ssml'
import { AudioUtterance } from '../../speech/utterance/audio-utterance'
import { FragmentUtterance } from '../../speech/utterance/fragment-utterance'
import { SentenceUtterance } from '../../speech/utterance/sentence-utterance'
import { isSource, typeOf } from '../../speech/utterance/source-reader'
import { SpeechQueue } from '../../speech/utterance/speech-queue'
import { TextUtterance } from '../../speech/utterance/text-utterance'
import type { Utterance } from '../../speech/utterance/utterance'
import type { ResolvedChannel } from './channel-options'
import { streamExtras, textExtras } from './packet-extras'

/** The service's default `StreamMaxInterval`, which is also its minimum (1240/100388). */
const defaultStreamMaxIntervalMs = 2_000

/** The part of a session that its driver needs. */
export interface DriverSession {
  readonly id: string
  /** Undefined for a session that was opened elsewhere, unless it was given. */
  readonly driverType: DriverType | undefined
  /** Undefined for a session that was opened elsewhere, unless it was given. */
  readonly streamMaxIntervalMs: number | undefined
  readonly channel: ResolvedChannel
  emit<Type extends SessionEventType>(type: Type, detail: SessionEventMap[Type]): void
  /** Called with each utterance before it is queued. */
  onUtterance(utterance: Utterance): void
  /** Called when the service reports the end of the session. */
  onEnded(end: ChannelEnd): void
  /** Asks the service whether, and why, the session has ended. */
  inspect(signal: AbortSignal): Promise<ChannelEnd | undefined>
  /** Reads `SpeakStatus` of statsession. */
  speakStatus(): Promise<string | undefined>
}

/** The client options that a driver needs. */
export interface DriverOptions {
  readonly appKey: string
  readonly accessToken: string
  readonly origin: string
  readonly basePath: string
  readonly query: Readonly<Record<string, string>>
  readonly serverTime: ServerTime
  readonly dispatcher: Dispatcher | undefined
  readonly webSocket: WebSocketFactory | undefined
  /** Monotonic clock. */
  readonly steady: Clock
  readonly createId: () => string
  readonly random: () => number
  readonly logger: Logger
}

/** Drives a session: its command channel, and the utterances that use it. */
export class SessionDriver {
  readonly #options: DriverOptions
  readonly #session: DriverSession
  readonly #channel: CommandChannel
  readonly #queue: SpeechQueue
  readonly #context: SpeechContext

  constructor(options: DriverOptions, session: DriverSession) {
    this.#options = options
    this.#session = session
    this.#queue = new SpeechQueue({
      speaking: () => session.emit('speaking', {}),
      idle: () => session.emit('idle', {}),
    })
    this.#channel = this.#createChannel()
    this.#context = {
      sessionId: session.id,
      channel: this.#channel,
      clock: options.steady,
      logger: options.logger,
      createId: options.createId,
      textPacer: new Pacer(options.steady, textPace),
      streamMaxIntervalMs: session.streamMaxIntervalMs ?? defaultStreamMaxIntervalMs,
      commands: new CommandRegistry(),
      speakStatus: () => session.speakStatus(),
    }
  }

  get channelState(): ChannelState {
    return this.#channel.state
  }

  get isSpeaking(): boolean {
    return this.#queue.isSpeaking
  }

  connect(): Promise<void> {
    return this.#channel.ready()
  }

  say(text: string | Ssml | AsyncIterable<string>, options: SayOptions): SpeechHandle {
    const { interrupt = false, mode = 'sentence' } = options
    if (isSource(text)) {
      const Stream = mode === 'sentence' ? SentenceUtterance : FragmentUtterance
      return this.#add(new Stream(this.#context, text, streamExtras(options), options), interrupt)
    }
    const isText = typeof text === 'string' || isSsml(text)
    const spoken = isText ? String(text) : ''
    const utterance = new TextUtterance(this.#context, spoken, textExtras(options), options)
    if (isText) return this.#add(utterance, interrupt)
    const expected = 'a string, a value of the ssml tag, or an async iterable of strings'
    return this.#refuse(utterance, this.#wrongType('text', text, expected))
  }

  sendAudio(audio: AsyncIterable<Uint8Array>, options: SendAudioOptions): SpeechHandle {
    const { interrupt = false, live = false, seiInfo } = options
    const extras = seiInfo === undefined ? {} : { VideoSeiInfo: seiInfo }
    const utterance = new AudioUtterance(this.#context, audio, live, extras, options)
    if (!isSource(audio)) {
      const expected = 'an async iterable of Uint8Arrays'
      return this.#refuse(utterance, this.#wrongType('audio', audio, expected))
    }
    if (this.#session.driverType !== 1) return this.#add(utterance, interrupt)
    return this.#refuse(
      utterance,
      new IvhConfigError('sendAudio needs a session that was opened with driverType 3', {
        sessionId: this.#session.id,
        hint: 'Pass driverType: 3 to sessions.open. Such a session also speaks text.',
      }),
    )
  }

  interrupt(): Promise<void> {
    return this.#queue.interrupt()
  }

  /** Ends the channel and the queue. Unsettled utterances fail with the error of the end. */
  end(end: ChannelEnd): void {
    this.#channel.close(end)
    this.#queue.end(end.error)
  }

  #add(utterance: Utterance, interrupt: boolean): SpeechHandle {
    this.#session.onUtterance(utterance)
    this.#queue.add(utterance, interrupt)
    return utterance
  }

  #refuse(utterance: Utterance, error: IvhError): SpeechHandle {
    utterance.fail(error)
    return utterance
  }

  /**
   * Creates the error for a wrong type from an untyped caller. A promise would be spoken as "[object
   * Promise]".
   */
  #wrongType(path: string, value: unknown, expected: string): IvhValidationError {
    const message = `is of type ${typeOf(value)}; it must be ${expected}`
    return new IvhValidationError([{ path, message }], { sessionId: this.#session.id })
  }

  #createChannel(): CommandChannel {
    const { createId, dispatcher, logger, random, serverTime, steady } = this.#options
    const session = this.#session
    const { maxMessageBytes } = session.channel
    const own = undiciWebSockets({ dispatcher, clock: steady, maxMessageBytes })
    return new CommandChannel({
      ...session.channel,
      sessionId: session.id,
      clock: steady,
      logger,
      createId,
      random,
      webSocket: this.#options.webSocket ?? own,
      url: (path) =>
        channelUrl({ ...this.#options, path, sessionId: session.id, now: serverTime.now() }),
      inspect: (signal) => session.inspect(signal),
      listener: {
        connected: (reconnected) => {
          this.#context.commands.connected()
          session.emit('ready', { reconnected })
        },
        reconnecting: (attempt, delayMs, error) =>
          session.emit('reconnecting', { attempt, delayMs, error }),
        down: (error) => {
          this.#context.commands.channelDown(error)
          session.emit('disconnected', { error })
        },
        message: (message, repeated) => {
          this.#context.commands.receive(message, repeated)
          if (!repeated) session.emit('message', { message })
        },
        heartbeat: (reqId) => session.emit('heartbeat', { reqId }),
        heartbeatMissed: (error) => session.emit('heartbeat-missed', { error }),
        ended: (end) => {
          this.#queue.end(end.error)
          session.onEnded(end)
        },
      },
    })
  }
}
