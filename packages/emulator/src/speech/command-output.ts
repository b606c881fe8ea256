import type { Clock } from '@ivh-kit/kernel'
import type { MediaAudio, MediaSpeech } from '../media-plane'
import type { FinalType, SpeakStatus, SpeechMessage } from './speak-status'
import { withoutTags } from './ssml'

/** The outputs of one command, bound to its ReqId: the human's voice, and messages to the client. */
export interface CommandOutput {
  readonly clock: Clock
  /** Delay between the command and the first sound, in milliseconds. */
  readonly delayMs: number
  status(status: SpeakStatus, detail?: { seq?: number; finalType?: FinalType }): void
  /** Sends the client the text that the human is speaking. */
  content(seq: number, text: string): void
  /** Starts speaking. Returns undefined without a human, or when the human cannot report its progress. */
  say(text: string): MediaSpeech | undefined
  /** Starts playing audio. Returns undefined as `say` does. */
  play(): MediaAudio | undefined
  hush(): void
  /** Reports that the command failed, with the state Error. The command is over. */
  fail(reason: string): void
  /** Called after the command has reported its end. */
  done(): void
  /** Adds a line to the event log. */
  log(detail: string): void
}

/** The parts of a session that a command uses. */
export interface SpeakerHost {
  readonly driverType: 1 | 3
  readonly streamMaxIntervalMs: number
  say(text: string): MediaSpeech | undefined
  play(): MediaAudio | undefined
  hush(): void
  /** Returns true when a fault makes the next speech fail. */
  speechFails(): boolean
  /** Writes a note for viewers into the SEI of the stream. */
  noteInStream(note: { readonly seiData: string; readonly status: string }): void
  /** Adds a line to the event log. */
  log(detail: string): void
}

/** The states that the SEI reports to viewers (1240/110197). */
const statusesForViewers: ReadonlySet<string> = new Set([
  'AudioStart',
  'AudioOver',
  'SentenceStart',
  'SentenceOver',
  'TextStart',
  'TextOver',
])

/** Code of the error "error while driving by text or audio"; the session continues (1240/100406). */
const speechFailed = -111005

/** Settings of {@link createCommandOutput}. */
export interface OutputSettings {
  readonly reqId: string
  /** `VideoSeiInfo` of the command. */
  readonly seiData: string
  readonly host: SpeakerHost
  readonly clock: Clock
  readonly speechDelayMs: number
  readonly waitingStates: boolean
  /** Stores the speak status of the session. */
  setStatus(status: SpeakStatus): void
  send(message: SpeechMessage): void
  /** Stops the command without a message. */
  abandon(): void
  /** Called when the command is over. */
  finished(): void
}

/** Creates the outputs of one command. */
export function createCommandOutput(settings: OutputSettings): CommandOutput {
  const { abandon, clock, finished, host, reqId, seiData, send, setStatus } = settings
  let fails: boolean | undefined
  // Take a fault only when sound would start, so that no fault is used up without an effect.
  const speechFails = () => {
    fails ??= host.speechFails()
    return fails
  }
  return {
    clock,
    delayMs: settings.speechDelayMs,
    status(status, { seq = 0, finalType } = {}) {
      if (status.startsWith('Waiting') && !settings.waitingStates) return
      if (!status.startsWith('Sentence')) setStatus(status)
      if (statusesForViewers.has(status)) {
        const over = status === 'TextOver' || status === 'AudioOver'
        host.noteInStream({ seiData: over ? '' : seiData, status })
      }
      send({
        Type: 3,
        ReqId: reqId,
        Seq: seq,
        SpeakStatus: status,
        ...(finalType !== undefined && { FinalType: finalType }),
      })
    },
    content: (seq, text) =>
      send({
        Type: 2,
        ReqId: reqId,
        Seq: seq,
        Text: text,
        TextPro: text,
        TextDisplay: withoutTags(text),
        ContentType: '1',
        Uninterrupt: false,
        Muted: false,
      }),
    say: (text) => (speechFails() ? failedSpeech() : host.say(text)),
    play: () => (speechFails() ? { ...failedSpeech(), write() {}, end() {} } : host.play()),
    fail(reason) {
      abandon()
      host.log(`${reqId}: ${reason}`)
      const ErrorMsg = `DriveFailed:${reason}`
      send({ Type: 9, ReqId: reqId, Seq: 0, ErrorCode: speechFailed, ErrorMsg })
      setStatus('Error')
      send({ Type: 3, ReqId: reqId, Seq: 0, SpeakStatus: 'Error' })
      finished()
    },
    hush: () => host.hush(),
    done: finished,
    log: (detail) => host.log(`${reqId}: ${detail}`),
  }
}

/** Returns a speech that fails at once, for a fault. */
function failedSpeech(): MediaSpeech {
  const failed = Promise.reject(new Error('a fault asked for this failure'))
  return { started: failed, finished: failed }
}
