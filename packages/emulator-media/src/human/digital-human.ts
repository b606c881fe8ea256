import type { RtmpPublisher } from '../rtmp/publisher'
import type { Broadcast } from './broadcast'

/** A digital human on the air. */
export interface DigitalHuman {
  /** Where to watch, when the plane's `publishTo` chose the address; otherwise undefined. */
  readonly playUrl: string | undefined
  /** Settles when the push has ended, with the reason as a sentence. Never rejects. */
  readonly ended: Promise<{ readonly reason: string }>
  /** Moves the mouth for so many milliseconds, from now on; a later call replaces the first. */
  speak(milliseconds: number): void
  /** Closes the mouth at once. */
  hush(): void
  /** Unpublishes and disconnects. May be called more than once. */
  close(): Promise<void>
}

export interface LiveHumanParts {
  readonly broadcast: Broadcast
  readonly publisher: RtmpPublisher
  readonly playUrl: string | undefined
}

/** A broadcast and the connection that it goes out by. */
export class LiveHuman implements DigitalHuman {
  readonly playUrl: string | undefined
  readonly ended: Promise<{ readonly reason: string }>

  constructor(private readonly parts: LiveHumanParts) {
    this.playUrl = parts.playUrl
    this.ended = parts.publisher.closed.then((reason) => {
      parts.broadcast.stop()
      return { reason }
    })
  }

  speak(milliseconds: number): void {
    this.parts.broadcast.speak(milliseconds)
  }

  hush(): void {
    this.parts.broadcast.hush()
  }

  async close(): Promise<void> {
    this.parts.broadcast.stop()
    await this.parts.publisher.close('the human was closed')
    await this.ended
  }
}
