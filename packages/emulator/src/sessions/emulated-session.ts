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
import type { SpeakStatus } from '../speech/speak-status'
import { Speaker } from '../speech/speaker'
import { withoutSecrets } from '../wire/redact'
import { shortened } from '../wire/shorten'

/** The settings from the create request. */
export interface SessionSettings {
  readonly userId: string
  readonly protocol: StreamProtocol
  readonly driverType: DriverType
  readonly avatar: string
  readonly createType: 'asset' | 'project'
  /** Pause after which the server ends stream text and audio, in milliseconds. */
  readonly streamMaxIntervalMs: number
  readonly pushUrl: string | undefined
  /** True: the session uses the caller's own TRTC app instead of the platform's. */
  readonly trtcExternalApp: boolean
  /** SDKAppId of the caller's own TRTC app. */
  readonly trtcAppId: string | undefined
  /** The requested TRTC room, as text. */
  readonly trtcRoom: string | undefined
  /** True: a room that the emulator chooses has a number; false: a name. */
  readonly trtcNumericRoom: boolean
  readonly voice: MediaVoice
  readonly picture: MediaPicture
  /** Accepted settings that have no effect on the picture. Empty without a media plane. */
  readonly notDrawn: readonly string[]
}

/** The public state of a session. Signatures and credentials in addresses are hidden. */
export interface SessionSnapshot extends SessionSettings {
  readonly sessionId: string
  readonly status: SessionStatus
  readonly started: boolean
  readonly playUrl: string | undefined
  readonly speakStatus: SpeakStatus
  /** The settings of updatesessionconfig. */
  readonly config: Readonly<Record<string, unknown>>
  readonly createdAt: number
  readonly closeType: CloseType | undefined
  readonly errorCode: number
  readonly errorMessage: string
}

/** Code with which a fault makes the creation fail; `true` stands for -111003 (avatar not loaded). */
export type CreationFault = true | number | undefined

/** Code of the error "the avatar model failed to load" (1240/100406). */
const avatarNotLoaded = -111003

/** Returns the code of a creation fault. */
export function failureCode(fault: CreationFault): number | undefined {
  return fault === true ? avatarNotLoaded : fault
}

/** One session of the emulator: its state, its speaker and its digital human. */
export class EmulatedSession {
  readonly id: string
  /** The settings; long ones are cut when the session ends. */
  request: SessionSettings
  readonly createdAt: number
  /** Aborted when the session ends, for any reason. */
  readonly ending = new AbortController()
  readonly speaker: Speaker
  /** The TRTC room of the human. */
  readonly trtcRoom: string
  status: SessionStatus = sessionStatus.preparing
  started = false
  playUrl: string | undefined
  human: MediaHuman | undefined
  /** The current picture. */
  picture: MediaPicture
  /** Accepted settings that have no effect on the picture. */
  notDrawn: readonly string[]
  closeType: CloseType | undefined
  errorCode = 0
  errorMessage = ''
  config: Readonly<Record<string, unknown>> = {}
  /** Time of the last accepted updatesessionconfig. */
  configuredAt = Number.NEGATIVE_INFINITY

  constructor(
    id: string,
    request: SessionSettings,
    options: ResolvedGatewayOptions,
    events: EventLog,
    speechFails: (sessionId: string) => boolean = () => false,
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
        speechFails: () => speechFails(id),
        noteInStream: (note) => this.human?.note?.(note),
        log: (detail) => events.info('speech', detail, id),
      },
      options,
    )
  }

  /** True while the session occupies concurrency: preparing or ready. */
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
    this.#shrink()
  }

  /** Sets status 4: the creation failed. */
  fail(code: number, message: string): void {
    this.status = sessionStatus.failed
    this.playUrl = undefined
    this.errorCode = code
    this.errorMessage = withoutSecrets(message)
    this.ending.abort()
    this.#shrink()
  }

  /** Frees most of the memory: a caller's images may be in the addresses, and 10,000 ended sessions are kept. */
  #shrink(): void {
    this.request = shortened(this.request)
    this.picture = shortened(this.picture)
    this.notDrawn = shortened(this.notDrawn)
    this.config = shortened(this.config)
    this.errorMessage = shortened(this.errorMessage)
  }

  get replaced(): boolean {
    return this.closeType === closeType.sameUserId
  }

  snapshot(): SessionSnapshot {
    return {
      ...this.request,
      // The signature in the query is a secret.
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

/** Returns a room number in TRTC's range, always the same for one session. */
function numericRoom(id: string): string {
  return String((Number(id.replace(/\D/g, '').slice(-15)) % 4_294_967_293) + 1)
}
