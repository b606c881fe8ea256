import {
  type CloseType,
  closeType,
  type DriverType,
  type SessionStatus,
  type StreamProtocol,
  sessionStatus,
} from '@ivh-kit/core/protocol'
import type { MediaHuman } from '../media-plane'

/** What was asked for when the session was created. */
export interface SessionRequest {
  readonly userId: string
  readonly protocol: StreamProtocol
  readonly driverType: DriverType
  readonly avatar: string
  readonly createType: 'asset' | 'project'
  readonly pushUrl: string | undefined
  /** The TRTC room that was asked for, as text. */
  readonly trtcRoom: string | undefined
}

/** What a session looks like from outside. Signatures and credentials in addresses are hidden. */
export interface SessionSnapshot extends SessionRequest {
  readonly sessionId: string
  readonly status: SessionStatus
  readonly started: boolean
  readonly playUrl: string | undefined
  readonly createdAt: number
  readonly closeType: CloseType | undefined
  readonly errorCode: number
  readonly errorMessage: string
}

/** One session of the emulator: its state and the things that end with it. */
export class Session {
  readonly id: string
  readonly request: SessionRequest
  readonly createdAt: number
  /** Fires when the session ends, whatever ended it. */
  readonly ending = new AbortController()
  status: SessionStatus = sessionStatus.preparing
  started = false
  playUrl: string | undefined
  human: MediaHuman | undefined
  closeType: CloseType | undefined
  errorCode = 0
  errorMessage = ''
  /** When the last text has been spoken, in milliseconds since the epoch. */
  #spokenAt: number | undefined

  constructor(id: string, request: SessionRequest, createdAt: number) {
    this.id = id
    this.request = request
    this.createdAt = createdAt
  }

  /** Occupies concurrency: preparing or ready. */
  get live(): boolean {
    return this.status === sessionStatus.preparing || this.status === sessionStatus.ready
  }

  /** Speaks from now on; an utterance that is still going on is replaced (1240/108576). */
  speak(now: number, milliseconds: number): void {
    this.#spokenAt = now + milliseconds
    this.human?.speak(milliseconds)
  }

  hush(now: number): void {
    if (this.#spokenAt !== undefined) this.#spokenAt = Math.min(this.#spokenAt, now)
    this.human?.hush()
  }

  /** `SpeakStatus` of statsession (1240/100389), as far as text by HTTP goes. */
  speakStatus(now: number): 'Initial' | 'TextStart' | 'TextOver' {
    if (this.#spokenAt === undefined) return 'Initial'
    return this.live && now < this.#spokenAt ? 'TextStart' : 'TextOver'
  }

  end(type: CloseType, code: number, message: string): void {
    this.status = sessionStatus.closed
    this.closeType = type
    this.errorCode = code
    this.errorMessage = withoutSecrets(message)
    this.ending.abort()
  }

  /** Creation failed: status 4, and the concurrency is free again. */
  fail(code: number, message: string): void {
    this.status = sessionStatus.failed
    this.errorCode = code
    this.errorMessage = withoutSecrets(message)
    this.ending.abort()
  }

  get replaced(): boolean {
    return this.closeType === closeType.sameUserId
  }

  snapshot(): SessionSnapshot {
    return {
      ...this.request,
      // Who looks at the emulator needs to see where a stream goes, not how it gets in.
      pushUrl: this.request.pushUrl?.replace(/\?.*$/, ''),
      sessionId: this.id,
      status: this.status,
      started: this.started,
      playUrl: this.playUrl && withoutSecrets(this.playUrl),
      createdAt: this.createdAt,
      closeType: this.closeType,
      errorCode: this.errorCode,
      errorMessage: this.errorMessage,
    }
  }
}

/** Hides the values of signatures and TRTC credentials in an address, or in a text that holds one. */
function withoutSecrets(text: string): string {
  return text.replace(/\b(txSecret|userSig|privateMapKey)=[^&\s"']+/gi, '$1=[hidden]')
}
