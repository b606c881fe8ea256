import type { StatSessionResponse } from '../protocol'
import type { CallOptions } from './call-options'
import type { IvhPlugin } from './plugin'
import type {
  AnySessionEvent,
  ChannelState,
  SessionEventListener,
  SessionEventType,
} from './session-events'
import type { SayOptions, SendAudioOptions, Speakable, SpeechHandle } from './speech'

/** The addresses at which a session can be watched. Only known addresses are present. */
export interface Playback {
  readonly rtmp?: string
  readonly flv?: string
  readonly hls?: string
  readonly webrtc?: string
  /** A TRTC room address. It holds a UserSig, a secret: never log it. */
  readonly trtc?: string
}

/**
 * The state of a session. `close-failed`: the session may still be open and paid for, and it accepts no
 * utterances. The close is repeated in the background after 5 s, then at growing intervals of up to 5
 * minutes; `close()` repeats it at once.
 */
export type SessionState = 'open' | 'closing' | 'close-failed' | 'closed'

/**
 * A digital human that is ready and started. Close it with `close()` or `await using` when you are done,
 * because it uses paid concurrency until then.
 *
 * Its events are those of {@link SessionEventMap}. Receive them with `addEventListener`, or with a
 * `for await` loop.
 */
export interface IvhSession extends EventTarget, AsyncDisposable, AsyncIterable<AnySessionEvent> {
  /** The SessionId. */
  readonly id: string
  readonly userId: string
  /** State of the session. `channelState` says whether the session can be driven. */
  readonly state: SessionState
  /** The state of the command channel. */
  readonly channelState: ChannelState
  /** True from the first sound until nothing is spoken or queued. */
  readonly isSpeaking: boolean
  /** The playback addresses. Signed addresses are signed at each read, so read them when you need them. */
  readonly playback: Playback
  /**
   * The facts that plugins need to resume this session, by plugin name. Store it with the id for
   * `sessions.resume(id, { pluginState })`. It holds no secret.
   */
  readonly pluginState: Readonly<Record<string, string>>

  /**
   * Returns the extension that a plugin of the client added to this session; undefined when it added none.
   *
   * @throws IvhConfigError when the plugin is not registered on the client.
   * @example
   * session.extension(trtc)?.viewer('visitor-42')
   */
  extension<Extension>(plugin: IvhPlugin<Extension>): Extension | undefined
  /** Asks the service for the session's status (statsession). */
  stat(options?: CallOptions): Promise<StatSessionResponse>
  /**
   * Opens the command channel, unless it is open. `say` and `sendAudio` do this themselves. Call it to keep
   * a silent session alive with heartbeats, or to receive the service's messages.
   *
   * @throws IvhTransportError or IvhTimeoutError when it could not be opened: the session stays open, and
   * the next use tries again. IvhSessionError when the session has ended.
   */
  connect(): Promise<void>
  /**
   * Speaks a text of any length, or a stream of text such as a language model's output. Utterances are
   * queued, at most 100; `interrupt: true` speaks at once. Never throws: failures reject the handle's promises.
   *
   * A text is spoken word for word: characters such as `<` and `&` have no other meaning. Only the values of
   * the `ssml` tag are markup, alone or in a stream.
   *
   * @example
   * await session.say('Hello').finished
   * session.say(modelOutput, { interrupt: true })
   */
  say(text: Speakable, options?: SayOptions): SpeechHandle
  /**
   * Speaks with your own voice: 16 kHz, 16-bit little-endian, mono PCM in chunks of any size. The session
   * must have been opened with `driverType: 3`. Never throws: failures reject the handle's promises.
   */
  sendAudio(audio: AsyncIterable<Uint8Array>, options?: SendAudioOptions): SpeechHandle
  /** Stops the current utterance and clears the queue. Resolves when nothing is spoken. */
  interrupt(): Promise<void>
  /**
   * Closes the session and frees its concurrency. Safe in every state and any number of times; a session that
   * the service has closed counts as closed. After the first call the session accepts no utterances.
   *
   * @throws IvhError when the session may still be open: `state` is then `close-failed`, and the close is
   * repeated in the background. Call it again to repeat it at once.
   */
  close(): Promise<void>

  addEventListener<Type extends SessionEventType>(
    type: Type,
    listener: SessionEventListener<Type>,
    options?: Parameters<EventTarget['addEventListener']>[2],
  ): void
  removeEventListener<Type extends SessionEventType>(
    type: Type,
    listener: SessionEventListener<Type>,
    options?: Parameters<EventTarget['removeEventListener']>[2],
  ): void
  /**
   * Iterates over every event from this call on, until the session is closed or its close has failed.
   * Unread events are kept, so leave the loop or call `return()` when you no longer need them.
   */
  [Symbol.asyncIterator](): AsyncGenerator<AnySessionEvent, void, undefined>
}
