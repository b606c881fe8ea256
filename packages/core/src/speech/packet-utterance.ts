import { IvhSessionError } from '../errors'
import type { DownlinkMessage } from '../protocol/downlink'
import type { Drive, DriveEnd } from './drive'
import { fired } from './fired'
import type { Packet } from './packet'
import type { Confirms } from './recovery'
import { tooLateCode } from './refusals'
import type { SourceReader } from './source-reader'
import type { Stage } from './stage'
import { Utterance, type UtteranceOptions } from './utterance'

/** How an utterance comes to its end: all was sent, or it is cut off, before or after that. */
export type Closing = 'complete' | 'cut' | 'cut-after-all'

/** An utterance in packets under one ReqId, from a source that fills while it is spoken. */
export abstract class PacketUtterance<Content> extends Utterance {
  protected readonly source: SourceReader<Content>
  readonly #confirms: Confirms
  #seq = 0

  constructor(
    stage: Stage,
    source: SourceReader<Content>,
    confirms: Confirms,
    options: UtteranceOptions,
  ) {
    super(stage, options)
    this.source = source
    this.#confirms = confirms
  }

  /** How many packets have been sent. */
  protected get seq(): number {
    return this.#seq
  }

  /**
   * Sends what the source gives until it ends or `stop` fires. Resolves with true when the source pauses
   * for longer than a drive may: the rest is for another.
   */
  protected abstract sendAll(drive: Drive, stop: AbortSignal): Promise<boolean>
  /** The packet that ends it, where there is one. */
  protected abstract closing(drive: Drive, seq: number, how: Closing): Packet | undefined
  /** Whether this is how it ends when not all of it was spoken. */
  protected abstract wasCut(end: DriveEnd): boolean
  /** How long what was sent may still be heard. */
  protected unheardMs(): number {
    return 0
  }
  protected hear(_message: DownlinkMessage): void {}

  protected override async perform(stop: AbortSignal): Promise<void> {
    stop.addEventListener('abort', () => this.source.release(), { once: true })
    while (await this.#performDrive(stop)) this.#seq = 0
  }

  /** Resolves with true when the rest is for another drive. */
  async #performDrive(stop: AbortSignal): Promise<boolean> {
    const drive = this.drive(this.#confirms, (message) => this.hear(message))
    // Reading stops when it shall, when the service has ended the utterance or takes no more of it, and when
    // it is in doubt.
    const reading = new AbortController()
    let pauses = false
    const quit = () => {
      reading.abort()
      if (!pauses) this.source.release()
    }
    stop.addEventListener('abort', quit, { once: true })
    drive.ended.then(quit, quit)
    void drive.doubted.then(quit)
    void drive.refusals.told.then(quit)
    let spoken = false
    try {
      pauses = await this.sendAll(drive, reading.signal)
    } finally {
      stop.removeEventListener('abort', quit)
      if (!pauses) this.source.release()
      spoken = await this.#finish(drive, stop)
    }
    return pauses && spoken
  }

  protected override release(): void {
    this.source.release()
  }

  /** Sends the next packet of content, when the channel takes it this moment. */
  protected deliverNow(drive: Drive, packet: Packet): boolean {
    if (!drive.sendNow(packet)) return false
    this.#seq = packet.seq
    return true
  }

  /** Sends the next packet of content; resolves with false when it was stopped before. */
  protected async deliver(drive: Drive, packet: Packet, stop: AbortSignal): Promise<boolean> {
    if (!(await drive.send(packet, stop))) return false
    this.#seq = packet.seq
    return true
  }

  /** Resolves with true when all that was sent has been spoken. */
  async #finish(drive: Drive, stop: AbortSignal): Promise<boolean> {
    if (this.#seq === 0) {
      drive.abandon()
      return true
    }
    const complete = !drive.isOver
    if (complete) await this.#close(drive, stop)
    if (stop.aborted) return false
    if (drive.uncertain) throw drive.uncertain
    const end = await drive.ended
    const refusal = drive.refusals.error
    const tooLate = !complete || refusal?.code === tooLateCode
    if (tooLate && end.finalType === 2) throw this.#sourcePaused(drive)
    if (refusal) throw refusal
    const spoken = complete && !this.wasCut(end)
    if (!spoken) this.markInterrupted()
    return spoken
  }

  #sourcePaused({ refusals, reqId }: Drive): IvhSessionError {
    return new IvhSessionError(
      'source-paused',
      'The source gave nothing for longer than StreamMaxInterval, so the service ended the utterance: what was sent before that has been spoken, the rest is not',
      {
        sessionId: this.stage.sessionId,
        reqId,
        ...(refusals.error && { cause: refusals.error }),
        hint: 'Say the rest anew. A source that pauses needs a session that was opened with a longer streamMaxIntervalMs.',
      },
    )
  }

  async #close(drive: Drive, stop: AbortSignal): Promise<void> {
    const breakOff = async (seq: number, how: Closing) => {
      const packet = this.closing(drive, seq, how)
      if (packet) await drive.breakOff(packet)
    }
    const next = this.#seq + 1
    const final = this.closing(drive, next, 'complete')
    const all =
      !(stop.aborted || drive.uncertain) && final && (await this.#sendFinal(drive, final, stop))
    if (all) {
      const stopped = fired(stop)
      await Promise.race([drive.ended, drive.doubted, stopped.promise]).finally(stopped.forget)
    }
    if (drive.isOver) return
    if (stop.aborted) await breakOff(all ? next + 1 : next, all ? 'cut-after-all' : 'cut')
    else if (!all) await breakOff(next, 'complete')
    await this.settled(drive, this.unheardMs())
  }

  /** The final packet waits until it is clear what became of those before it. */
  async #sendFinal(drive: Drive, final: Packet, stop: AbortSignal): Promise<boolean> {
    const given = new AbortController()
    const quit = () => given.abort()
    stop.addEventListener('abort', quit, { once: true })
    void drive.doubted.then(quit)
    try {
      return await drive.send(final, given.signal)
    } finally {
      stop.removeEventListener('abort', quit)
    }
  }
}
