import { Refusal } from '../wire/refusal'
import type { CommandOutput } from './command-output'
import { SentenceCutter } from './sentence-cutter'
import { type FinalType, finalType } from './speak-status'
import { followSpeech, type SpokenCommand } from './spoken-command'
import { spokenMilliseconds } from './ssml'

/** One packet of SEND_STREAMTEXT. */
export interface StreamPacket {
  readonly seq: number
  readonly text: string
  readonly final: boolean
  readonly sentence: boolean
  readonly insert: boolean
}

/** Maximum number of characters in the queue: two hours of speech. No document gives a limit. */
const maxQueuedCharacters = 100_000
/** Maximum duration of the queue, in milliseconds. Pauses can be longer than their text. */
const maxQueuedMs = 2 * 3_600_000

interface Sentence {
  readonly seq: number
  readonly text: string
}

/**
 * One SEND_STREAMTEXT with all its packets (1240/100399). In sentence mode each packet is a sentence: its
 * start and end are reported, and SentenceNext asks for the next. In fragment mode the command finds the
 * sentences itself, and ends after StreamMaxInterval without a packet.
 */
export class StreamCommand implements SpokenCommand {
  readonly kind = 'stream'
  readonly reqId: string
  readonly sentenceMode: boolean
  started = false
  readonly #output: CommandOutput
  readonly #maxIntervalMs: number
  readonly #cutter = new SentenceCutter()
  readonly #queue: Sentence[] = []
  /** Number of inserted sentences at the head of the queue. */
  #inserted = 0
  /** Number of characters in the queue. */
  #queued = 0
  /** Estimated duration of the queue, in milliseconds. */
  #queuedMs = 0
  #received = 0
  #found = 0
  #final: FinalType | undefined
  #state: 'waiting' | 'starting' | 'silent' | 'speaking' | 'ending' = 'waiting'
  #cancel = () => {}
  #cancelSilence = () => {}

  constructor(output: CommandOutput, reqId: string, sentenceMode: boolean, maxIntervalMs: number) {
    this.#output = output
    this.reqId = reqId
    this.sentenceMode = sentenceMode
    this.#maxIntervalMs = maxIntervalMs
  }

  /**
   * @throws Refusal 100001 for a wrong Seq or a packet of the other mode, 110015 after the final packet,
   * 100012 when the queue is full.
   */
  add(packet: StreamPacket): void {
    this.#refuseWrong(packet)
    if (this.#received === 0) this.#output.status('WaitingTextStart')
    this.#received = packet.seq
    if (this.sentenceMode) this.#enqueue(packet)
    else this.#enqueueFragments(this.#cutter.add(packet.text))
    if (packet.final) this.#finish(finalType.client)
    else this.#awaitNext()
    this.#pump()
  }

  /** Counts a packet whose text was refused. */
  skip(seq: number): void {
    if (seq === this.#received + 1) this.#received = seq
  }

  hush(): void {
    this.abandon()
    if (this.#state === 'speaking') this.#output.hush()
    this.#state = 'ending'
  }

  cut(): void {
    this.hush()
    this.#over(finalType.interrupt)
  }

  abandon(): void {
    this.#cancel()
    this.#cancelSilence()
  }

  #refuseWrong({ seq, text, sentence }: StreamPacket): void {
    if (this.#final !== undefined) throw streamEnded(this.#final, this.#maxIntervalMs)
    if (seq !== this.#received + 1) {
      throw new Refusal(
        100001,
        `bad request parameter: Payload.Data.Seq must be ${this.#received + 1}, got ${seq}: it starts at 1 and rises by 1`,
      )
    }
    if (text !== '' && sentence !== this.sentenceMode) {
      throw new Refusal(
        100001,
        'bad request parameter: Payload.Data.IsSentence must be the same in every packet of a ReqId',
      )
    }
    const waiting = this.#queued + this.#cutter.length
    if (text !== '' && waiting + text.length > maxQueuedCharacters) {
      throw new Refusal(
        100012,
        `${waiting} characters of this stream wait to be spoken, the limit is ${maxQueuedCharacters}: send the packet again later (sentence mode asks for the next one with SentenceNext)`,
      )
    }
    if (text !== '' && this.#queuedMs + spokenMilliseconds(text) > maxQueuedMs) {
      throw new Refusal(
        100012,
        `${this.#queuedMs} ms of this stream wait to be spoken, the limit is ${maxQueuedMs}: send the packet again later`,
      )
    }
  }

  #enqueue({ seq, text, insert }: StreamPacket): void {
    if (text === '') return
    this.#queued += text.length
    this.#queuedMs += spokenMilliseconds(text)
    if (insert) this.#queue.splice(this.#inserted++, 0, { seq, text })
    else this.#queue.push({ seq, text })
  }

  #enqueueFragments(texts: readonly string[]): void {
    for (const text of texts) {
      this.#queued += text.length
      this.#queuedMs += spokenMilliseconds(text)
      this.#queue.push({ seq: ++this.#found, text })
    }
  }

  #awaitNext(): void {
    this.#cancelSilence()
    if (this.sentenceMode) return
    this.#cancelSilence = this.#output.clock.after(this.#maxIntervalMs, () => {
      this.#output.log(`no packet for ${this.#maxIntervalMs} ms: the server ends the stream`)
      this.#finish(finalType.timeout)
      this.#pump()
    })
  }

  #finish(type: FinalType): void {
    this.#cancelSilence()
    this.#final = type
    if (!this.sentenceMode) this.#enqueueFragments(this.#cutter.flush())
  }

  #pump(): void {
    const hasWork = this.#queue.length > 0 || this.#final !== undefined
    if (this.#state === 'waiting' && hasWork) {
      this.#state = 'starting'
      this.#cancel = this.#output.clock.after(this.#output.delayMs, () => {
        this.#state = 'silent'
        this.#pump()
      })
    }
    if (this.#state !== 'silent') return
    const next = this.#queue.shift()
    if (next) this.#speak(next)
    else if (this.#final !== undefined) this.#end(this.#final)
  }

  #speak({ seq, text }: Sentence): void {
    this.#state = 'speaking'
    this.#inserted = Math.max(0, this.#inserted - 1)
    this.#queued -= text.length
    this.#queuedMs -= spokenMilliseconds(text)
    this.#cancel = followSpeech(this.#output, text, {
      onStart: () => {
        this.#start()
        if (this.sentenceMode) this.#output.status('SentenceStart', { seq })
        this.#output.content(seq, text)
        if (this.sentenceMode && this.#queue.length === 0 && this.#final === undefined) {
          this.#output.status('SentenceNext', { seq })
        }
      },
      onOver: () => {
        if (this.sentenceMode) this.#output.status('SentenceOver', { seq })
        this.#state = 'silent'
        this.#pump()
      },
    })
  }

  #start(): void {
    if (this.started) return
    this.started = true
    this.#output.status('TextStart')
  }

  #end(type: FinalType): void {
    this.#start()
    this.#state = 'ending'
    this.#output.status('WaitingTextOver')
    this.#cancel = this.#output.clock.after(this.#output.delayMs, () => this.#over(type))
  }

  #over(type: FinalType): void {
    this.#output.status('TextOver', { finalType: type })
    this.#output.done()
  }
}

function streamEnded(type: FinalType, maxIntervalMs: number): Refusal {
  return new Refusal(
    110015,
    type === finalType.timeout
      ? `the server ended this stream after ${maxIntervalMs} ms without a packet; continue with a fresh ReqId`
      : 'this stream has had its final packet; continue with a fresh ReqId',
  )
}
