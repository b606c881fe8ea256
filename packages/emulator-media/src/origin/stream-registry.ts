import type { PublishAnswer, PublishRequest } from '../rtmp/server-session'
import { LiveStream, type StreamInfo } from './live-stream'

/** What happens to a push whose stream name is live already. */
export type SecondPublisher = 'refuse' | 'replace'

export interface StreamRegistryOptions {
  readonly now: () => number
  readonly maxCachedBytes: number
  readonly maxStreams: number
  readonly secondPublisher: SecondPublisher
  readonly onPublished: (stream: LiveStream) => void
  readonly onEnded: (stream: LiveStream, reason: string) => void
}

interface Entry {
  readonly stream: LiveStream
  readonly evict: PublishRequest['evict']
}

/** The streams that are live now. A name is taken while its publisher is connected. */
export class StreamRegistry {
  readonly #entries = new Map<string, Entry>()

  constructor(private readonly options: StreamRegistryOptions) {}

  find(app: string, name: string): LiveStream | undefined {
    return this.#entries.get(key(app, name))?.stream
  }

  list(): StreamInfo[] {
    return [...this.#entries.values()].map(({ stream }) => stream.info())
  }

  /** Begins a stream, or says why it cannot begin. */
  publish({ app, evict, streamName }: PublishRequest): PublishAnswer {
    const { maxStreams, secondPublisher } = this.options
    const place = key(app, streamName)
    const earlier = this.#entries.get(place)
    if (earlier && secondPublisher === 'refuse') {
      return {
        ok: false,
        description: `stream ${streamName} is live already: end the other publisher or use another name`,
      }
    }
    earlier?.evict('another publisher took the stream name')
    if (this.#entries.size >= maxStreams) {
      return { ok: false, description: `${maxStreams} streams are live, which is the limit here` }
    }
    const stream = this.#begin(app, streamName)
    this.#entries.set(place, { stream, evict })
    this.options.onPublished(stream)
    return {
      ok: true,
      sink: {
        push: (tag) => stream.push(tag),
        end: (reason) => {
          this.#entries.delete(place)
          stream.end()
          this.options.onEnded(stream, reason)
        },
      },
    }
  }

  #begin(app: string, name: string): LiveStream {
    const { maxCachedBytes, now } = this.options
    return new LiveStream({ app, name, publishedAt: new Date(now()), maxCachedBytes })
  }
}

function key(app: string, name: string): string {
  return `${app}/${name}`
}
