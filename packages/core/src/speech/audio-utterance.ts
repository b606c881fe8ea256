import { Buffer } from 'node:buffer'
import { audioPackets } from './audio-packets'
import type { Drive } from './drive'
import { Pacer } from './pacer'
import { type Source, SourceReader } from './source-reader'
import type { Stage } from './stage'
import { fired, Utterance, type UtteranceOptions } from './utterance'

/** The caller's audio under one ReqId: paced, or live as it is captured, and an empty final packet. */
export class AudioUtterance extends Utterance {
  readonly kind = 'audio'
  readonly #source: Source<Uint8Array>
  readonly #live: boolean
  readonly #extras: { readonly VideoSeiInfo?: string }
  #seq = 0

  constructor(
    stage: Stage,
    source: Source<Uint8Array>,
    live: boolean,
    extras: { readonly VideoSeiInfo?: string },
    options: UtteranceOptions,
  ) {
    super(stage, options)
    this.#source = source
    this.#live = live
    this.#extras = extras
  }

  protected override async perform(stop: AbortSignal): Promise<void> {
    const drive = this.drive()
    const reading = new AbortController()
    const quit = () => reading.abort()
    stop.addEventListener('abort', quit, { once: true })
    drive.ended.then(quit, quit)
    try {
      await this.#sendAll(drive, reading.signal)
    } catch (error) {
      await this.#finish(drive, stop)
      throw error
    } finally {
      stop.removeEventListener('abort', quit)
    }
    await this.#finish(drive, stop)
  }

  async #sendAll(drive: Drive, stop: AbortSignal): Promise<void> {
    const pacer = new Pacer(this.stage.clock)
    const reader = new SourceReader(audioPackets(this.#source), stop)
    try {
      for (let next = reader.next(); ; ) {
        const packet = await next
        if (packet === undefined) return
        // Read ahead by one, so that a source with some delay of its own keeps the pace.
        next = reader.next()
        next.catch(() => {})
        if (!this.#live && !(await pacer.due(stop))) return
        const sending = this.#send(drive, Buffer.from(packet).toString('base64'), false)
        const stopped = fired(stop)
        await Promise.race([sending, stopped.promise]).finally(stopped.forget)
        if (stop.aborted && !drive.wasSent) return drive.abandon()
        this.#seq += 1
        pacer.sent()
      }
    } finally {
      reader.release()
    }
  }

  #send(drive: Drive, Audio: string, IsFinal: boolean): Promise<boolean> {
    const Seq = this.#seq + 1
    const extras = Seq === 1 ? this.#extras : {}
    return drive.send({ Command: 'SEND_AUDIO', Data: { Audio, Seq, IsFinal, ...extras } })
  }

  async #finish(drive: Drive, stop: AbortSignal): Promise<void> {
    if (this.#seq === 0) return drive.abandon()
    if (drive.isOver) {
      await drive.ended
      this.markInterrupted()
      return
    }
    await this.#send(drive, '', true)
    const stopped = fired(stop)
    await Promise.race([drive.ended, stopped.promise]).finally(stopped.forget)
    if (!drive.isOver) return await this.settled(drive)
    const { finalType } = await drive.ended
    if (finalType !== undefined && finalType !== 1) this.markInterrupted()
  }
}
