import type { Caller } from '../calls/call'
import type { CallOptions } from '../calls/call-options'
import {
  type ChannelEnd,
  type CloseReason,
  endOfCode,
  endOfStat,
  endRequested,
} from '../channel/channel-end'
import type { ChannelState } from '../channel/command-channel'
import type { ResolvedOptions } from '../client/options'
import { IvhApiError } from '../errors'
import type { Contributions } from '../plugins/contributions'
import type { IvhPlugin } from '../plugins/plugin'
import type { DriverType, StatSessionResponse } from '../protocol'
import { sessionStatus } from '../protocol/plain'
import type { Ssml } from '../speech/text/ssml'
import type { SpeechHandle } from '../speech/utterance/speech-handle'
import type { ResolvedChannel } from './channel-options'
import type { Playback } from './playback'
import type { SayOptions, SendAudioOptions } from './say-options'
import type { DriverSession, SessionDriver } from './session-driver'
import { type AnySessionEvent, SessionEvents } from './session-events'

/**
 * Whether the session is there; whether it can be heard is `channelState`, whether it speaks `isSpeaking`.
 * `close-failed`: nothing can be said any more, but it may still be open, and paid for. The close is tried
 * again behind, after 5 s and then at growing pauses of up to 5 minutes; `close()` tries at once.
 */
export type SessionState = 'open' | 'closing' | 'close-failed' | 'closed'

export interface SessionParts {
  readonly id: string
  readonly userId: string
  /** Unknown of a session that was opened elsewhere. */
  readonly driverType: DriverType | undefined
  /** Unknown of a session that was opened elsewhere. */
  readonly streamMaxIntervalMs?: number | undefined
  readonly channel: ResolvedChannel
  readonly playback: () => Playback
  readonly contributions: Contributions
  readonly drive: (session: DriverSession) => SessionDriver
  /** Has the service close it. */
  readonly close: () => Promise<void>
  readonly onClosed: () => void
  readonly onCloseFailed: (error: unknown) => void
}

/** What a session is made of by who opens it; the rest is its keeper's. */
export type OpenedSession = Omit<SessionParts, 'close' | 'onClosed' | 'onCloseFailed'>

/** Ends a session that the service has closed, as somebody else has told. Only for its keeper. */
export let endSession: (session: IvhSession, end: ChannelEnd) => void

/**
 * A digital human that is ready and started. Close it when you are done, with `close()` or
 * `await using`: it occupies paid concurrency until then.
 *
 * It tells what happens as an EventTarget and as an async iterator; see {@link SessionEventMap}.
 */
export class IvhSession extends SessionEvents implements AsyncDisposable {
  /** The SessionId. */
  readonly id: string
  readonly userId: string
  readonly #call: Caller
  readonly #options: ResolvedOptions
  readonly #parts: SessionParts
  readonly #driver: SessionDriver
  #state: SessionState = 'open'
  #closing: Promise<void> | undefined
  #ended: ChannelEnd | undefined

  static {
    endSession = (session, end) => session.#endedElsewhere(end)
  }

  /** @internal Sessions come from `ivh.sessions.open`. */
  constructor(call: Caller, options: ResolvedOptions, parts: SessionParts) {
    super()
    this.#call = call
    this.#options = options
    this.#parts = parts
    this.id = parts.id
    this.userId = parts.userId
    const { sessions } = options.observation
    this.#driver = parts.drive({
      id: parts.id,
      driverType: parts.driverType,
      streamMaxIntervalMs: parts.streamMaxIntervalMs,
      channel: parts.channel,
      emit: (type, detail) => this.emit(type, detail),
      onUtterance: (utterance) => sessions.speech(this, utterance),
      onEnded: (end) => this.#onEnded(end),
      inspect: (signal) => this.#inspect(signal),
      speakStatus: () => this.#speakStatus(),
    })
  }

  get state(): SessionState {
    return this.#state
  }

  /** How the command channel stands: `idle` before its first use, `down` when it was given up for now. */
  get channelState(): ChannelState {
    return this.#driver.channelState
  }

  /** True from the first sound until nothing is spoken or queued any more. */
  get isSpeaking(): boolean {
    return this.#driver.isSpeaking
  }

  /** Where to watch. Signed addresses are signed at each read, so read them when you need them. */
  get playback(): Playback {
    return this.#parts.playback()
  }

  /**
   * What a plugin of the client has added to this session; undefined when it added nothing.
   *
   * @throws IvhConfigError when the client does not have the plugin.
   * @example
   * session.extension(trtc)?.viewer('visitor-42')
   */
  extension<Extension>(plugin: IvhPlugin<Extension>): Extension | undefined {
    return this.#parts.contributions.extension(plugin)
  }

  /**
   * What plugins need to know to take hold of this session again, by the plugins' names. Store it beside
   * the id for `sessions.resume(id, { pluginState })`. It holds no secret.
   */
  get pluginState(): Readonly<Record<string, string>> {
    return this.#parts.contributions.state
  }

  /** What the service says of this session now (statsession). */
  stat(options?: CallOptions): Promise<StatSessionResponse> {
    return this.#call('statSession', { SessionId: this.id }, options)
  }

  /**
   * Opens the command channel, unless it is open. `say` and `sendAudio` do so themselves; call it to have
   * heartbeats keep a silent session alive, or to hear what the service says.
   *
   * @throws IvhTransportError or IvhTimeoutError when it could not be opened: the session goes on, and the
   * next use tries again. IvhSessionError when the session has ended.
   */
  connect(): Promise<void> {
    return this.#driver.connect()
  }

  /**
   * Speaks a text of any length, or a stream of text such as a language model's. Utterances follow one
   * another; `interrupt: true` cuts in. Nothing is thrown: what goes wrong, the handle's promises tell.
   *
   * @example
   * await session.say('Hello').finished
   * session.say(modelOutput, { interrupt: true })
   */
  say(text: string | Ssml | AsyncIterable<string>, options: SayOptions = {}): SpeechHandle {
    return this.#driver.say(text, options)
  }

  /**
   * Speaks with your own voice: 16 kHz, 16-bit little-endian, mono PCM in chunks of any size. The session
   * must have been opened with `driverType: 3`. Nothing is thrown: see {@link say}.
   */
  sendAudio(audio: AsyncIterable<Uint8Array>, options: SendAudioOptions = {}): SpeechHandle {
    return this.#driver.sendAudio(audio, options)
  }

  /** Stops what is spoken and drops what is queued; resolves when it is quiet. */
  interrupt(): Promise<void> {
    return this.#driver.interrupt()
  }

  /**
   * Closes the session and frees its concurrency. Safe in every state and any number of times; a
   * session the service has closed already counts as closed. When it rejects, the session may still
   * be open: the state is then `close-failed`, and it is tried again behind; call it again to try at
   * once. From the first call on nothing can be said any more.
   */
  close(): Promise<void> {
    this.#closing ??= this.#close(endRequested(this.id))
    return this.#closing
  }

  [Symbol.asyncDispose](): Promise<void> {
    return this.close()
  }

  protected override observed(event: AnySessionEvent): void {
    this.#options.observation.sessions.tell(this, event)
  }

  async #close(end: ChannelEnd): Promise<void> {
    if (this.#state === 'closed') return
    this.#state = 'closing'
    this.#ended ??= end
    this.#driver.end(this.#ended)
    try {
      await this.#parts.close()
    } catch (error) {
      if (this.state === 'closed') return
      this.#state = 'close-failed'
      this.#closing = undefined
      this.endIterators()
      this.#parts.onCloseFailed(error)
      throw error
    }
    this.#finish(this.#ended)
  }

  #finish({ reason, error }: ChannelEnd): void {
    if (this.#state === 'closed') return
    this.#state = 'closed'
    this.#parts.onClosed()
    this.emit('closed', { reason, error: reason === 'requested' ? undefined : error })
  }

  /** The service says that the session is over. */
  #onEnded(end: ChannelEnd): void {
    if (this.#ended) return
    this.#ended = end
    if (!goneReasons.has(end.reason)) {
      // It may still occupy concurrency. A close that fails is told, and tried again, by its keeper.
      this.close().catch(() => {})
      return
    }
    this.#closing ??= Promise.resolve()
    this.#finish(end)
  }

  #endedElsewhere(end: ChannelEnd): void {
    this.#driver.end(end)
    this.#ended ??= end
    this.#closing ??= Promise.resolve()
    this.#finish(this.#ended)
  }

  async #inspect(signal: AbortSignal): Promise<ChannelEnd | undefined> {
    try {
      const answer = await this.stat({ signal, maxRetries: 0, deadlineMs: inspectionMs })
      const over =
        answer.SessionStatus === sessionStatus.closed ||
        answer.SessionStatus === sessionStatus.failed
      return over ? endOfStat(this.id, answer) : undefined
    } catch (error) {
      // What keeps statsession from answering does not end the session.
      if (!(error instanceof IvhApiError)) return undefined
      const { code, reqId, requestId } = error
      return endOfCode(code, { sessionId: this.id, reqId, requestId })
    }
  }

  async #speakStatus(): Promise<string | undefined> {
    try {
      return (await this.stat()).SpeakStatus ?? undefined
    } catch {
      return undefined
    }
  }
}

/** Whoever inspects a session asks again soon. */
const inspectionMs = 5_000

/** What the service has closed needs no closesession. */
const goneReasons: ReadonlySet<CloseReason> = new Set(['replaced', 'idle', 'ended', 'unknown'])
