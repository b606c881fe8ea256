import { createHash } from 'node:crypto'
import { Refusal } from '../gateway/refusal'
import type { MediaAudio, MediaSpeech } from '../media-plane'
import type { ResolvedGatewayOptions } from '../options'
import { type AudioPacket, AudioUtterance } from './audio-utterance'
import { RecentDrives } from './recent-drives'
import type { DriveMessage, SpeakStatus } from './speak-status'
import { ssmlProblem, withoutTags } from './ssml'
import { type StreamPacket, StreamUtterance } from './stream-utterance'
import { TextUtterance } from './text-utterance'
import type { Stage, Utterance } from './utterance'

/** One SEND_TEXT. */
export interface TextDrive {
  readonly text: string
  readonly interrupt: boolean
  /** `VideoSeiInfo`: viewers read it in the SEI while this is spoken. */
  readonly seiData?: string | undefined
}

/** What the speaker needs of the session it speaks for. */
export interface SpeakerHost {
  readonly driverType: 1 | 3
  readonly streamMaxIntervalMs: number
  say(text: string): MediaSpeech | undefined
  play(): MediaAudio | undefined
  hush(): void
  /** Whether the drive that is to be heard now fails, says a fault. */
  driveFails(): boolean
  tellViewers(note: { readonly seiData: string; readonly status: string }): void
  note(detail: string): void
}

/** The states that viewers are told of in the SEI (1240/110197). */
const statusesForViewers: ReadonlySet<string> = new Set([
  'AudioStart',
  'AudioOver',
  'SentenceStart',
  'SentenceOver',
  'TextStart',
  'TextOver',
])

/** "Error while driving by text or audio"; the session lives on (1240/100406). */
const driveFailed = -111005

function nothingToDo(): Refusal {
  return new Refusal(
    100001,
    'bad request parameter: Payload.Data needs a Text to speak, or Interrupt true without one',
  )
}

function reqIdUsed(): Refusal {
  return new Refusal(
    100001,
    'bad request parameter: Payload.ReqId was used for another drive; each has a fresh one',
  )
}

/** Tells a text from any other, in little room. */
function textContent(text: string): string {
  return createHash('sha256').update(text).digest('base64')
}

/** What a fault makes of a speech. */
function failedSpeech(): MediaSpeech {
  const failed = Promise.reject(new Error('as a fault asked for'))
  return { started: failed, finished: failed }
}

/** The voice of one session: which utterance may begin when, and what is told of it. */
export class Speaker {
  /** As statsession tells it; the three of single sentences do not count there (1240/100389). */
  status: SpeakStatus = 'Initial'
  /** Takes each message as it comes; set while a command channel is open. */
  listener: ((message: DriveMessage) => void) | undefined
  readonly #host: SpeakerHost
  readonly #options: ResolvedGatewayOptions
  readonly #recent = new RecentDrives()
  #current: Utterance | undefined
  /** Calls off what will tell the end of the current one: it was interrupted and is silent. */
  #cancelOver: (() => void) | undefined
  #lastTextAt = Number.NEGATIVE_INFINITY

  constructor(host: SpeakerHost, options: ResolvedGatewayOptions) {
    this.#host = host
    this.#options = options
  }

  /** The speak states of the last three drives, oldest first (1240/100401). */
  get replay(): readonly DriveMessage[] {
    return this.#recent.statuses
  }

  /** SEND_TEXT. @throws Refusal 100001, 100012, 110015. */
  text(reqId: string, { text, interrupt, seiData = '' }: TextDrive): void {
    if (text === '') {
      if (!interrupt) throw nothingToDo()
      this.#interruptText()
      return
    }
    const content = textContent(text)
    if (this.#isRepeated(reqId, content)) return
    this.#refuseWrongSsml(reqId, text)
    this.#refuseDuringAudio('text')
    this.#refuseTooSoon()
    this.#begin(reqId, content, seiData, (stage) => new TextUtterance(stage, reqId, text))
  }

  /** SEND_STREAMTEXT with text or final. @throws Refusal 100001, 110015. */
  streamText(reqId: string, packet: StreamPacket, seiData = ''): void {
    if (packet.sentence) this.#refuseWrongSsml(reqId, packet.text)
    const current = this.#current
    if (current instanceof StreamUtterance && current.reqId === reqId) {
      this.#refuseInterrupted()
      current.add(packet)
      return
    }
    this.#refuseDuringAudio('stream text')
    this.#refuseUnlessFirst(reqId, packet.seq)
    const { streamMaxIntervalMs } = this.#host
    this.#begin(
      reqId,
      'stream text',
      seiData,
      (stage) => new StreamUtterance(stage, reqId, packet.sentence, streamMaxIntervalMs),
    ).add(packet)
  }

  /** SEND_AUDIO with audio or final. @throws Refusal 100001, 100012, 110015. */
  audio(reqId: string, packet: AudioPacket, seiData = ''): void {
    if (this.#host.driverType !== 3) {
      throw new Refusal(100001, 'SEND_AUDIO needs a session that was created with DriverType 3')
    }
    const current = this.#current
    if (current instanceof AudioUtterance && current.reqId === reqId) {
      this.#refuseInterrupted()
      current.add(packet)
      return
    }
    this.#refuseDuringAudio('other audio')
    if (current) {
      throw new Refusal(
        110015,
        'a text is being spoken: interrupt it with an empty SEND_TEXT, wait for TextOver, then send audio',
      )
    }
    this.#refuseUnlessFirst(reqId, packet.seq)
    const { streamMaxIntervalMs } = this.#host
    const refuseTooFast = this.#options.audioTooFast === 'refuse'
    this.#begin(
      reqId,
      'audio',
      seiData,
      (stage) => new AudioUtterance(stage, reqId, streamMaxIntervalMs, refuseTooFast),
    ).add(packet)
  }

  /** Interrupts the stream or the audio of this ReqId; one that is over is left alone. */
  cut(reqId: string): void {
    if (this.#current?.reqId === reqId) this.#interrupt(this.#current)
  }

  /** The session is over: nothing more is told. */
  end(): void {
    const kind = this.#current?.kind
    this.#current?.abandon()
    this.#leave()
    this.listener = undefined
    if (kind) this.status = kind === 'audio' ? 'AudioOver' : 'TextOver'
  }

  #interruptText(): void {
    const current = this.#current
    if (!current) return
    if (current.kind === 'audio') this.#refuseDuringAudio('an interrupt by SEND_TEXT')
    if (!current.started) {
      throw new Refusal(110015, 'an interrupt may be sent only after TextStart; wait for it')
    }
    this.#interrupt(current)
  }

  /** Silent at once; its end is told a little later, and until then it stands in the way. */
  #interrupt(current: Utterance): void {
    if (this.#cancelOver) return
    const { clock, interruptDelayMs } = this.#options
    current.hush()
    this.#cancelOver = clock.after(interruptDelayMs, () => current.cut())
  }

  #refuseInterrupted(): void {
    if (!this.#cancelOver) return
    throw new Refusal(110015, 'the drive of this ReqId was interrupted; go on with a fresh ReqId')
  }

  /** A text that a network delivers twice, or a client that heard nothing of it sends again, is spoken once. */
  #isRepeated(reqId: string, content: string): boolean {
    const before = this.#recent.content(reqId)
    if (before === undefined) return false
    if (before !== content) throw reqIdUsed()
    this.#host.note(`${reqId}: this text came before under this ReqId and is not spoken again`)
    return true
  }

  #refuseDuringAudio(what: string): void {
    if (this.#current?.kind !== 'audio') return
    throw new Refusal(
      110015,
      `audio is playing: end it with IsFinal, wait for AudioOver, then send ${what}`,
    )
  }

  #refuseWrongSsml(reqId: string, text: string): void {
    const problem = ssmlProblem(text)
    if (!problem) return
    if (this.#options.ssml === 'lenient') {
      this.#host.note(`${reqId}: the SSML is not as documented: ${problem}`)
      return
    }
    throw new Refusal(
      100001,
      `bad request parameter: Payload.Data.Text: ${problem} (an emulator with ssml: 'lenient' takes it)`,
    )
  }

  #refuseTooSoon(): void {
    const now = this.#options.clock.now()
    const { textSpacingMs } = this.#options
    const passed = now - this.#lastTextAt
    if (textSpacingMs > 0 && passed <= textSpacingMs) {
      throw new Refusal(
        100012,
        `${passed} ms after the text before; more than ${textSpacingMs} ms must lie between two`,
      )
    }
    this.#lastTextAt = now
  }

  #refuseUnlessFirst(reqId: string, seq: number): void {
    if (this.#recent.content(reqId) !== undefined) {
      if (this.#current?.reqId === reqId) throw reqIdUsed()
      throw new Refusal(110015, 'the drive of this ReqId is over; go on with a fresh ReqId')
    }
    if (seq === 1) return
    throw new Refusal(
      100001,
      `bad request parameter: Payload.Data.Seq must be 1 in the first packet of a ReqId, got ${seq}`,
    )
  }

  #begin<Kind extends Utterance>(
    reqId: string,
    content: string,
    seiData: string,
    make: (stage: Stage) => Kind,
  ): Kind {
    // New text takes the place of the old, whose TextOver comes first (1240/108576).
    this.#current?.cut()
    this.#recent.begin(reqId, content)
    const utterance = make(this.#stage(reqId, seiData))
    this.#current = utterance
    return utterance
  }

  #stage(reqId: string, seiData: string): Stage {
    const { clock, speechDelayMs } = this.#options
    let fate: boolean | undefined
    // Asked when something is to be heard, so that no fault is used up where it cannot show.
    const fails = () => {
      fate ??= this.#host.driveFails()
      return fate
    }
    const fail = (why: string) => {
      if (this.#current?.reqId === reqId) this.#current.abandon()
      this.#host.note(`${reqId}: ${why}`)
      const ErrorMsg = `DriveFailed:${why}`
      this.#tell({ Type: 9, ReqId: reqId, Seq: 0, ErrorCode: driveFailed, ErrorMsg })
      this.status = 'Error'
      this.#tell({ Type: 3, ReqId: reqId, Seq: 0, SpeakStatus: 'Error' })
      this.#finished(reqId)
    }
    return {
      clock,
      delayMs: speechDelayMs,
      status: (SpeakStatus, { seq = 0, finalType } = {}) => {
        if (SpeakStatus.startsWith('Waiting') && !this.#options.waitingStates) return
        if (!SpeakStatus.startsWith('Sentence')) this.status = SpeakStatus
        if (statusesForViewers.has(SpeakStatus)) {
          const over = SpeakStatus === 'TextOver' || SpeakStatus === 'AudioOver'
          this.#host.tellViewers({ seiData: over ? '' : seiData, status: SpeakStatus })
        }
        this.#tell({
          Type: 3,
          ReqId: reqId,
          Seq: seq,
          SpeakStatus,
          ...(finalType !== undefined && { FinalType: finalType }),
        })
      },
      content: (seq, text) =>
        this.#tell({
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
      say: (text) => (fails() ? failedSpeech() : this.#host.say(text)),
      play: () => (fails() ? { ...failedSpeech(), write() {}, end() {} } : this.#host.play()),
      fail,
      hush: () => this.#host.hush(),
      done: () => this.#finished(reqId),
      note: (detail) => this.#host.note(`${reqId}: ${detail}`),
    }
  }

  #finished(reqId: string): void {
    if (this.#current?.reqId === reqId) this.#leave()
  }

  #leave(): void {
    this.#cancelOver?.()
    this.#cancelOver = undefined
    this.#current = undefined
  }

  #tell(message: DriveMessage): void {
    this.#recent.remember(message)
    if (message.Type === 3) this.#host.note(`${message.ReqId}: ${message.SpeakStatus}`)
    this.listener?.(message)
  }
}
