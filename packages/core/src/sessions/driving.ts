import type { ChannelEnd } from '../channel/channel-end'
import { channelUrl } from '../channel/channel-url'
import { type ChannelState, CommandChannel } from '../channel/command-channel'
import { undiciWebSockets } from '../channel/undici-web-socket'
import type { ResolvedOptions } from '../client/options'
import type { Clock } from '../clock'
import { IvhConfigError, type IvhError, IvhValidationError } from '../errors'
import type { DriverType } from '../protocol'
import { AudioUtterance } from '../speech/audio-utterance'
import { Drives } from '../speech/drives'
import { isSource, typeOf } from '../speech/source-reader'
import { SpeechQueue } from '../speech/speech-queue'
import { isSsml, type Ssml } from '../speech/ssml'
import type { Stage } from '../speech/stage'
import { StreamUtterance } from '../speech/stream-utterance'
import { TextSpacing } from '../speech/text-spacing'
import { TextUtterance } from '../speech/text-utterance'
import type { SpeechHandle, Utterance } from '../speech/utterance'
import type { ResolvedChannel } from './channel-options'
import { type SayOptions, type SendAudioOptions, streamExtras, textExtras } from './say-options'
import type { SessionEventMap, SessionEventType } from './session-events'

/** The session that is driven, as its driving sees it. */
export interface DrivenSession {
  readonly id: string
  /** Unknown of a session that was opened elsewhere. */
  readonly driverType: DriverType | undefined
  /** Unknown of a session that was opened elsewhere. */
  readonly streamMaxIntervalMs: number | undefined
  readonly channel: ResolvedChannel
  emit<Type extends SessionEventType>(type: Type, detail: SessionEventMap[Type]): void
  /** Told of each utterance before it is queued. */
  utters(utterance: Utterance): void
  /** The service says that the session is over. */
  ended(end: ChannelEnd): void
  /** Asks the service whether, and why, the session is over. */
  inspect(signal: AbortSignal): Promise<ChannelEnd | undefined>
  /** `SpeakStatus` of statsession. */
  speakStatus(): Promise<string | undefined>
}

/**
 * What a session is driven with: its command channel, and the speech that goes over it. Loaded with the
 * first session of a process, so nothing that an import of the package reads may name it but as a type.
 */
export class Driving {
  readonly #session: DrivenSession
  readonly #channel: CommandChannel
  readonly #queue: SpeechQueue
  readonly #stage: Stage

  constructor(options: ResolvedOptions, session: DrivenSession) {
    // Channel and speech measure lengths of time alone.
    const clock = options.steady
    this.#session = session
    this.#queue = new SpeechQueue({
      speaking: () => session.emit('speaking', {}),
      idle: () => session.emit('idle', {}),
    })
    this.#channel = this.#createChannel(options, clock)
    this.#stage = createStage(options, session, this.#channel, clock)
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
      const extras = streamExtras(options)
      return this.#utter(new StreamUtterance(this.#stage, text, mode, extras, options), interrupt)
    }
    const isText = typeof text === 'string' || isSsml(text)
    const spoken = isText ? String(text) : ''
    const utterance = new TextUtterance(this.#stage, spoken, textExtras(options), options)
    if (isText) return this.#utter(utterance, interrupt)
    return this.#refuse(
      utterance,
      this.#mistaken('text', text, 'a string, what ssml made, or an async iterable of strings'),
    )
  }

  sendAudio(audio: AsyncIterable<Uint8Array>, options: SendAudioOptions): SpeechHandle {
    const { interrupt = false, live = false, seiInfo } = options
    const extras = seiInfo === undefined ? {} : { VideoSeiInfo: seiInfo }
    const utterance = new AudioUtterance(this.#stage, audio, live, extras, options)
    if (!isSource(audio)) {
      const mistaken = this.#mistaken('audio', audio, 'an async iterable of Uint8Arrays')
      return this.#refuse(utterance, mistaken)
    }
    if (this.#session.driverType !== 1) return this.#utter(utterance, interrupt)
    return this.#refuse(
      utterance,
      new IvhConfigError('sendAudio needs a session that was opened with driverType 3', {
        sessionId: this.#session.id,
        next: 'Pass driverType: 3 to sessions.open; such a session speaks text as well.',
      }),
    )
  }

  interrupt(): Promise<void> {
    return this.#queue.interrupt()
  }

  /** Nothing can be said any more; what is unsettled fails with the end's error. */
  end(end: ChannelEnd): void {
    this.#channel.close(end)
    this.#queue.end(end.error)
  }

  #utter(utterance: Utterance, interrupt: boolean): SpeechHandle {
    this.#session.utters(utterance)
    this.#queue.add(utterance, interrupt)
    return utterance
  }

  #refuse(utterance: Utterance, error: IvhError): SpeechHandle {
    utterance.fail(error)
    return utterance
  }

  /** What the types forbid comes from JavaScript all the same: a promise would be spoken as "[object Promise]". */
  #mistaken(path: string, value: unknown, expected: string): IvhValidationError {
    const message = `is of type ${typeOf(value)}; it must be ${expected}`
    return new IvhValidationError([{ path, message }], { sessionId: this.#session.id })
  }

  #createChannel(options: ResolvedOptions, clock: Clock): CommandChannel {
    const { accessToken, appKey, basePath, createId, dispatcher, logger, origin } = options
    const { query, random, serverTime, webSocket } = options
    const session = this.#session
    const { maxMessageBytes } = session.channel
    return new CommandChannel({
      ...session.channel,
      sessionId: session.id,
      clock,
      logger,
      createId,
      random,
      webSocket: webSocket ?? undiciWebSockets({ dispatcher, clock, maxMessageBytes }),
      url: (path) =>
        channelUrl({
          origin,
          basePath,
          path,
          appKey,
          accessToken,
          sessionId: session.id,
          query,
          now: serverTime.now(),
        }),
      inspect: (signal) => session.inspect(signal),
      listener: {
        connected: (reconnected) => {
          this.#stage.drives.connected()
          session.emit('ready', { reconnected })
        },
        reconnecting: (attempt, delayMs, error) =>
          session.emit('reconnecting', { attempt, delayMs, error }),
        down: (error) => {
          this.#stage.drives.lost(error)
          session.emit('disconnected', { error })
        },
        message: (message, repeated) => {
          this.#stage.drives.hear(message, repeated)
          if (!repeated) session.emit('message', { message })
        },
        heartbeat: (reqId) => session.emit('heartbeat', { reqId }),
        heartbeatMissed: (error) => session.emit('heartbeat-missed', { error }),
        ended: (end) => {
          this.#queue.end(end.error)
          session.ended(end)
        },
      },
    })
  }
}

function createStage(
  { createId, logger }: ResolvedOptions,
  session: DrivenSession,
  channel: CommandChannel,
  clock: Clock,
): Stage {
  return {
    sessionId: session.id,
    channel: {
      get isOpen() {
        return channel.state === 'open'
      },
      get isWritable() {
        return channel.isWritable
      },
      ready: () => channel.ready(),
      send: (frame) => channel.send(frame),
      doubt: (since) => channel.doubt(since),
    },
    clock,
    logger,
    createId,
    spacing: new TextSpacing(clock),
    streamMaxIntervalMs: session.streamMaxIntervalMs ?? defaultStreamMaxIntervalMs,
    drives: new Drives(),
    speakStatus: () => session.speakStatus(),
  }
}

/** What the service takes, and the least it takes (1240/100388). */
const defaultStreamMaxIntervalMs = 2_000
