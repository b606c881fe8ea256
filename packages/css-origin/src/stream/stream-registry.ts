import { LiveStream, type StreamInfo } from './live-stream'
import type { PublishRequest, PublishResult } from './stream-service'

/** Handling of a push to a live stream name: refuse it, or end the older push. */
export type SecondPublisher = 'refuse' | 'replace'

export interface StreamRegistryOptions {
  readonly now: () => number
  readonly maxCachedBytes: number
  readonly maxStreams: number
  readonly secondPublisher: SecondPublisher
  readonly onPublished: (stream: LiveStream) => void
  readonly onEnded: (stream: LiveStream, reason: string) => void
  readonly onUnplayable?: (stream: LiveStream, track: 'audio' | 'video', codec: string) => void
}

interface Entry {
  readonly stream: LiveStream
  readonly evict: PublishRequest['evict']
}

/** The live streams. A name is taken while its publisher is connected. */
export class StreamRegistry {
  readonly #options: StreamRegistryOptions
  readonly #entries = new Map<string, Entry>()

  constructor(options: StreamRegistryOptions) {
    this.#options = options
  }

  find(app: string, name: string): LiveStream | undefined {
    return this.#entries.get(key(app, name))?.stream
  }

  list(): StreamInfo[] {
    return [...this.#entries.values()].map(({ stream }) => stream.info())
  }

  /** Starts a stream, or returns the reason for a refusal. */
  publish({ app, evict, streamName }: PublishRequest): PublishResult {
    const { maxCachedBytes, maxStreams, now, secondPublisher } = this.#options
    const place = key(app, streamName)
    const earlier = this.#entries.get(place)
    if (earlier && secondPublisher === 'refuse') {
      return {
        ok: false,
        description: `stream ${streamName} is already live: end the other publisher or use another name`,
      }
    }
    earlier?.evict('another publisher took the stream name')
    if (this.#entries.size >= maxStreams) {
      return {
        ok: false,
        description: `the origin has reached its limit of ${maxStreams} live streams`,
      }
    }
    const publishedAt = new Date(now())
    const stream: LiveStream = new LiveStream({
      ...{ app, name: streamName, publishedAt, maxCachedBytes },
      onUnplayable: (track, codec) => this.#options.onUnplayable?.(stream, track, codec),
    })
    this.#entries.set(place, { stream, evict })
    this.#options.onPublished(stream)
    return {
      ok: true,
      sink: {
        push: (tag) => stream.push(tag),
        end: (reason, lost) => {
          this.#entries.delete(place)
          stream.end(lost)
          this.#options.onEnded(stream, reason)
        },
      },
    }
  }
}

function key(app: string, name: string): string {
  return `${app}/${name}`
}
