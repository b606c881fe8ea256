import {
  type CloseType,
  closeType,
  type DriverType,
  type SessionStatus,
  type StreamProtocol,
  sessionStatus,
} from '@ivh-kit/core/protocol'
import type { MediaHuman, MediaPicture, MediaVoice } from '../media-plane'
import type { ResolvedGatewayOptions } from '../options'
import type { EventLog } from '../record/event-log'
import { withoutSecrets } from '../record/redact'
import type { SpeakStatus } from '../speech/speak-status'
import { Speaker } from '../speech/speaker'

/** What was asked for when the session was created. */
export interface SessionRequest {
  readonly userId: string
  readonly protocol: StreamProtocol
  readonly driverType: DriverType
  readonly avatar: string
  readonly createType: 'asset' | 'project'
  /** The longest silence in stream text and audio before the server ends it. */
  readonly streamMaxIntervalMs: number
  readonly pushUrl: string | undefined
  /** The caller's own TRTC app instead of the platform's. */
  readonly trtcExternalApp: boolean
  /** The SDKAppId of that app. */
  readonly trtcAppId: string | undefined
  /** The TRTC room that was asked for, as text. */
  readonly trtcRoom: string | undefined
  /** Whether a room that nobody asked for has a number or a name. */
  readonly trtcNumericRoom: boolean
  readonly voice: MediaVoice
  readonly picture: MediaPicture
  /** What the create asked for and nobody draws, with a media plane. */
  readonly notDrawn: readonly string[]
}

/** What a session looks like from outside. Signatures and credentials in addresses are hidden. */
export interface SessionSnapshot extends SessionRequest {
  readonly sessionId: string
  readonly status: SessionStatus
  readonly started: boolean
  readonly playUrl: string | undefined
  readonly speakStatus: SpeakStatus
  /** What updatesessionconfig set. */
  readonly config: Readonly<Record<string, unknown>>
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
  readonly speaker: Speaker
  /** The TRTC room the human is in. */
  readonly trtcRoom: string
  status: SessionStatus = sessionStatus.preparing
  started = false
  playUrl: string | undefined
  human: MediaHuman | undefined
  /** As it is now. */
  picture: MediaPicture
  /** What was asked for and is not to be seen. */
  notDrawn: readonly string[]
  closeType: CloseType | undefined
  errorCode = 0
  errorMessage = ''
  config: Readonly<Record<string, unknown>> = {}
  /** When updatesessionconfig was taken last. */
  configuredAt = Number.NEGATIVE_INFINITY

  constructor(
    id: string,
    request: SessionRequest,
    options: ResolvedGatewayOptions,
    events: EventLog,
    driveFails: (sessionId: string) => boolean = () => false,
  ) {
    this.id = id
    this.request = request
    this.picture = request.picture
    this.notDrawn = options.media ? request.notDrawn : []
    this.createdAt = options.clock.now()
    this.trtcRoom = request.trtcRoom ?? (request.trtcNumericRoom ? numericRoom(id) : `room-${id}`)
    this.speaker = new Speaker(
      {
        driverType: request.driverType,
        streamMaxIntervalMs: request.streamMaxIntervalMs,
        say: (text) => this.human?.say(text),
        play: () => this.human?.play(),
        hush: () => this.human?.hush(),
        driveFails: () => driveFails(id),
        tellViewers: (note) => this.human?.note?.(note),
        note: (detail) => events.info('speech', detail, id),
      },
      options,
    )
  }

  /** Occupies concurrency: preparing or ready. */
  get live(): boolean {
    return this.status === sessionStatus.preparing || this.status === sessionStatus.ready
  }

  end(type: CloseType, code: number, message: string): void {
    this.status = sessionStatus.closed
    this.closeType = type
    this.errorCode = code
    this.errorMessage = withoutSecrets(message)
    this.speaker.end()
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
      picture: this.picture,
      notDrawn: this.notDrawn,
      playUrl: this.playUrl && withoutSecrets(this.playUrl),
      speakStatus: this.speaker.status,
      config: this.config,
      createdAt: this.createdAt,
      closeType: this.closeType,
      errorCode: this.errorCode,
      errorMessage: this.errorMessage,
    }
  }
}

/** A room within the range of TRTC's numbers, the same for the same session. */
function numericRoom(id: string): string {
  return String((Number(id.replace(/\D/g, '').slice(-15)) % 4_294_967_293) + 1)
}
