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
}

/** What a session looks like from outside. */
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

  constructor(id: string, request: SessionRequest, createdAt: number) {
    this.id = id
    this.request = request
    this.createdAt = createdAt
  }

  /** Occupies concurrency: preparing or ready. */
  get live(): boolean {
    return this.status === sessionStatus.preparing || this.status === sessionStatus.ready
  }

  end(type: CloseType, code: number, message: string): void {
    this.status = sessionStatus.closed
    this.closeType = type
    this.errorCode = code
    this.errorMessage = message
    this.ending.abort()
  }

  fail(code: number, message: string): void {
    this.status = sessionStatus.failed
    this.errorCode = code
    this.errorMessage = message
    this.ending.abort()
  }

  get replaced(): boolean {
    return this.closeType === closeType.sameUserId
  }

  snapshot(): SessionSnapshot {
    return {
      ...this.request,
      // A push URL holds a signature; who looks at the emulator needs to see where, not how.
      pushUrl: this.request.pushUrl?.replace(/\?.*$/, ''),
      sessionId: this.id,
      status: this.status,
      started: this.started,
      playUrl: this.playUrl,
      createdAt: this.createdAt,
      closeType: this.closeType,
      errorCode: this.errorCode,
      errorMessage: this.errorMessage,
    }
  }
}
