import type { ChannelEnd } from '../../channel/channel-end'
import { channelUrl } from '../../channel/channel-url'
import { CommandChannel } from '../../channel/command-channel'
import { undiciWebSockets } from '../../channel/undici-web-socket'
import type { AnySessionEvent, ChannelState } from '../../contracts/session-events'
import type { SayOptions, SendAudioOptions, Speakable, SpeechHandle } from '../../contracts/speech'
import { IvhConfigError, type IvhError, IvhValidationError, isIvhError } from '../../errors'
import { checkAudioNames, checkSayNames } from '../../options/option-names'
import type { ResolvedOptions } from '../../options/resolve-options'
import type { DriverType } from '../../protocol'
import { CommandRegistry } from '../../speech/command/command-registry'
import { Pacer, textPace } from '../../speech/command/pacer'
import type { SpeechContext } from '../../speech/command/speech-context'
import { isSsml, spokenMarkup } from '../../speech/text/ssml'
import { AudioUtterance } from '../../speech/utterance/audio-utterance'
import { FragmentUtterance } from '../../speech/utterance/fragment-utterance'
import { SentenceUtterance } from '../../speech/utterance/sentence-utterance'
import { isSource, typeOf } from '../../speech/utterance/source-reader'
import { SpeechQueue } from '../../speech/utterance/speech-queue'
import { TextUtterance } from '../../speech/utterance/text-utterance'
import type { Utterance } from '../../speech/utterance/utterance'
import type { ResolvedChannel } from './channel-options'
import { streamExtras, textExtras } from './packet-extras'
import { SessionEvents } from './session-events'

/** The service's default `StreamMaxInterval`, which is also its minimum (1240/100388). */
const defaultStreamMaxIntervalMs = 2_000

/** The facts about a session that decide how it speaks. */
export interface SpeechFacts {
  readonly id: string
  /** Undefined for a session that was opened elsewhere, unless it was given. */
  readonly driverType: DriverType | undefined
  /** Undefined for a session that was opened elsewhere, unless it was given. */
  readonly streamMaxIntervalMs?: number | undefined
  readonly channel: ResolvedChannel
}

/** A session's command channel, and the utterances that use it. */
export abstract class SessionSpeech extends SessionEvents {
  readonly #facts: SpeechFacts
  readonly #channel: CommandChannel
  readonly #queue: SpeechQueue
  readonly #context: SpeechContext

  constructor(
    options: ResolvedOptions,
    facts: SpeechFacts,
    observe: (event: AnySessionEvent) => void,
  ) {
    super(observe)
    this.#facts = facts
    this.#queue = new SpeechQueue({
      speaking: () => this.emit('speaking', {}),
      idle: () => this.emit('idle', {}),
    })
    this.#channel = this.#createChannel(options)
    this.#context = {
      sessionId: facts.id,
      channel: this.#channel,
      clock: options.steady,
      logger: options.logger,
      createId: options.createId,
      textPacer: new Pacer(options.steady, textPace),
      streamMaxIntervalMs: facts.streamMaxIntervalMs ?? defaultStreamMaxIntervalMs,
      commands: new CommandRegistry(),
      speakStatus: () => this.speakStatus(),
    }
  }

  /** Called with each utterance before it is queued. */
  protected abstract onUtterance(utterance: Utterance): void
  /** Called when the service reports the end of the session. */
  protected abstract onEnded(end: ChannelEnd): void
  /** Asks the service whether, and why, the session has ended. */
  protected abstract inspect(signal: AbortSignal): Promise<ChannelEnd | undefined>
  protected abstract speakStatus(): Promise<string | undefined>

  get channelState(): ChannelState {
    return this.#channel.state
  }

  get isSpeaking(): boolean {
    return this.#queue.isSpeaking
  }

  connect(): Promise<void> {
    return this.#channel.ready()
  }

  say(text: Speakable, options: SayOptions = {}): SpeechHandle {
    const { interrupt = false, mode = 'sentence' } = options ?? {}
    const wrong = problemIn(() => checkSayNames(options))
    if (wrong) return this.#refuse(new TextUtterance(this.#context, '', {}, {}), wrong)
    if (isSource(text)) {
      const Stream = mode === 'sentence' ? SentenceUtterance : FragmentUtterance
      return this.#add(new Stream(this.#context, text, streamExtras(options), options), interrupt)
    }
    const isText = typeof text === 'string' || isSsml(text)
    // A question to a chat bot is not spoken, so it is sent as it is.
    const spoken = isText ? (options.chat ? String(text) : spokenMarkup(text)) : ''
    const utterance = new TextUtterance(this.#context, spoken, textExtras(options), options)
    if (isText) return this.#add(utterance, interrupt)
    const expected = 'a string, a value of the ssml tag, or an async iterable of strings'
    return this.#refuse(utterance, this.#wrongType('text', text, expected))
  }

  sendAudio(audio: AsyncIterable<Uint8Array>, options: SendAudioOptions = {}): SpeechHandle {
    const { interrupt = false, live = false, seiInfo } = options
    const extras = seiInfo === undefined ? {} : { VideoSeiInfo: seiInfo }
    const utterance = new AudioUtterance(this.#context, audio, live, extras, options)
    const wrong = problemIn(() => checkAudioNames(options))
    if (wrong) return this.#refuse(utterance, wrong)
    if (!isSource(audio)) {
      const expected = 'an async iterable of Uint8Arrays'
      return this.#refuse(utterance, this.#wrongType('audio', audio, expected))
    }
    if (this.#facts.driverType !== 1) return this.#add(utterance, interrupt)
    const message = 'sendAudio needs a session that was opened with driverType 3'
    const hint = 'Pass driverType: 3 to sessions.open. Such a session also speaks text.'
    const error = new IvhConfigError(message, { sessionId: this.#facts.id, hint })
    return this.#refuse(utterance, error)
  }

  interrupt(): Promise<void> {
    return this.#queue.interrupt()
  }

  /** Ends the channel and the queue. Unsettled utterances fail with the error of the end. */
  protected endSpeech(end: ChannelEnd): void {
    this.#channel.close(end)
    this.#queue.end(end.error)
  }

  #add(utterance: Utterance, interrupt: boolean): SpeechHandle {
    this.onUtterance(utterance)
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
    return new IvhValidationError([{ path, message }], { sessionId: this.#facts.id })
  }

  #createChannel(options: ResolvedOptions): CommandChannel {
    const { createId, dispatcher, logger, random, serverTime, steady: clock } = options
    const { id: sessionId, channel } = this.#facts
    const { maxMessageBytes } = channel
    return new CommandChannel({
      ...channel,
      ...{ sessionId, clock, logger, createId, random },
      webSocket: options.webSocket ?? undiciWebSockets({ dispatcher, clock, maxMessageBytes }),
      url: (path) => channelUrl({ ...options, path, sessionId, now: serverTime.now() }),
      inspect: (signal) => this.inspect(signal),
      listener: {
        connected: (reconnected) => {
          this.#context.commands.connected()
          this.emit('ready', { reconnected })
        },
        reconnecting: (attempt, delayMs, error) =>
          this.emit('reconnecting', { attempt, delayMs, error }),
        down: (error) => {
          this.#context.commands.channelDown(error)
          this.emit('disconnected', { error })
        },
        message: (message, repeated) => {
          this.#context.commands.receive(message, repeated)
          if (!repeated) this.emit('message', { message })
        },
        heartbeat: (reqId) => this.emit('heartbeat', { reqId }),
        heartbeatMissed: (error) => this.emit('heartbeat-missed', { error }),
        ended: (end) => {
          this.#queue.end(end.error)
          this.onEnded(end)
        },
      },
    })
  }
}

/** Returns the error of a check. `say` and `sendAudio` never throw. */
function problemIn(check: () => void): IvhError | undefined {
  try {
    check()
    return undefined
  } catch (error) {
    if (isIvhError(error)) return error
    throw error
  }
}
