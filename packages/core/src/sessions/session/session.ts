import type { Caller } from '../../calls/call'
import { type ChannelEnd, endOfCode, endOfStat, endRequested } from '../../channel/channel-end'
import type { CallOptions } from '../../contracts/call-options'
import type { IvhPlugin } from '../../contracts/plugin'
import type { IvhSession, Playback, SessionState } from '../../contracts/session'
import type { CloseReason } from '../../contracts/session-events'
import { IvhApiError } from '../../errors'
import { checkCallNames } from '../../options/option-names'
import type { ResolvedOptions } from '../../options/resolve-options'
import type { Contributions } from '../../plugins/contributions'
import type { SessionWatchers } from '../../plugins/session-watch'
import type { StatSessionResponse } from '../../protocol'
import type { Utterance } from '../../speech/utterance/utterance'
import { isAlive } from './session-calls'
import { SessionSpeech, type SpeechFacts } from './session-speech'

/** The facts about a session that was just opened or resumed. */
export interface SessionFacts extends SpeechFacts {
  readonly userId: string
  readonly playback: () => Playback
  readonly contributions: Contributions
  /** Time of the create call, on the monotonic clock; undefined when this client did not create it. */
  readonly createdAt?: number | undefined
}

/** The functions that close a session and receive the outcome. */
export interface SessionClosing {
  readonly close: () => Promise<unknown>
  readonly onClosed: () => void
  /** Another session with the UserId has replaced the session, and this client knows of none. */
  readonly onReplaced: () => void
  readonly onCloseFailed: (error: unknown) => void
}

/**
 * Timeout of statsession while the channel is down, in milliseconds. It is short, because the channel asks
 * again soon.
 */
const inspectTimeoutMs = 5_000

/** Reasons of a session that is closed at the service and needs no closesession. */
const closedAtService: ReadonlySet<CloseReason> = new Set(['replaced', 'idle', 'ended', 'unknown'])

/** The implementation of {@link IvhSession}. */
export class Session extends SessionSpeech implements IvhSession {
  readonly id: string
  readonly userId: string
  readonly #call: Caller
  readonly #watchers: SessionWatchers
  readonly #facts: SessionFacts
  readonly #closing: SessionClosing
  #state: SessionState = 'open'
  #closePromise: Promise<void> | undefined
  #end: ChannelEnd | undefined

  constructor(
    call: Caller,
    options: ResolvedOptions,
    facts: SessionFacts,
    closing: SessionClosing,
  ) {
    const { sessions } = options.observation
    super(options, facts, (event) => sessions.report(this, event))
    this.#call = call
    this.#watchers = sessions
    this.#facts = facts
    this.#closing = closing
    this.id = facts.id
    this.userId = facts.userId
  }

  get state(): SessionState {
    return this.#state
  }

  get playback(): Playback {
    return this.#facts.playback()
  }

  get pluginState(): Readonly<Record<string, string>> {
    return this.#facts.contributions.state
  }

  extension<Extension>(plugin: IvhPlugin<Extension>): Extension | undefined {
    return this.#facts.contributions.extension(plugin)
  }

  async stat(options?: CallOptions): Promise<StatSessionResponse> {
    checkCallNames(options)
    return this.#call('statSession', { SessionId: this.id }, options)
  }

  close(): Promise<void> {
    this.#closePromise ??= this.#close(endRequested(this.id))
    return this.#closePromise
  }

  [Symbol.asyncDispose](): Promise<void> {
    return this.close()
  }

  /** Ends the session after the service has closed it, when the command channel did not report this. */
  endAtService(end: ChannelEnd): void {
    this.endSpeech(end)
    this.#end ??= end
    this.#closePromise ??= Promise.resolve()
    this.#finish(this.#end)
  }

  async #close(end: ChannelEnd): Promise<void> {
    if (this.#state === 'closed') return
    this.#state = 'closing'
    this.#end ??= end
    this.endSpeech(this.#end)
    try {
      await this.#closing.close()
    } catch (error) {
      // Return if the service has reported the end meanwhile.
      if (this.state === 'closed') return
      this.#state = 'close-failed'
      this.#closePromise = undefined
      this.endIterators()
      this.#closing.onCloseFailed(error)
      throw error
    }
    this.#finish(this.#end)
  }

  #finish({ reason, error }: ChannelEnd): void {
    if (this.#state === 'closed') return
    this.#state = 'closed'
    this.#closing.onClosed()
    this.emit('closed', { reason, error: reason === 'requested' ? undefined : error })
  }

  protected override onUtterance(utterance: Utterance): void {
    this.#watchers.speech(this, utterance)
  }

  protected override onEnded(end: ChannelEnd): void {
    if (this.#end) return
    this.#end = end
    if (!closedAtService.has(end.reason)) {
      // Close the session: it may still use concurrency. A failed close is repeated in the background.
      this.close().catch(() => {})
      return
    }
    this.#closePromise ??= Promise.resolve()
    if (end.reason === 'replaced') this.#closing.onReplaced()
    this.#finish(end)
  }

  protected override async inspect(signal: AbortSignal): Promise<ChannelEnd | undefined> {
    try {
      const response = await this.stat({ signal, maxRetries: 0, deadlineMs: inspectTimeoutMs })
      return isAlive(response.SessionStatus) ? undefined : endOfStat(this.id, response)
    } catch (error) {
      // Ignore other errors: only an error code of statsession says something about the session.
      if (!(error instanceof IvhApiError)) return undefined
      const { code, reqId, requestId } = error
      return endOfCode(code, { sessionId: this.id, reqId, requestId })
    }
  }

  protected override async speakStatus(): Promise<string | undefined> {
    try {
      return (await this.stat()).SpeakStatus ?? undefined
    } catch {
      return undefined
    }
  }
}
