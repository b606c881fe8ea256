import type { PublishAnswer } from '../rtmp/server-session'
import { LiveStream, type StreamInfo } from './live-stream'

export interface StreamRegistryOptions {
  readonly now: () => number
  readonly maxCachedBytes: number
  readonly maxStreams: number
  readonly onPublished: (app: string, name: string) => void
  readonly onEnded: (app: string, name: string, reason: string) => void
}

/** The streams that are live now. A name is taken while its publisher is connected. */
export class StreamRegistry {
  readonly #streams = new Map<string, LiveStream>()

  constructor(private readonly options: StreamRegistryOptions) {}

  find(app: string, name: string): LiveStream | undefined {
    return this.#streams.get(key(app, name))
  }

  list(): StreamInfo[] {
    return [...this.#streams.values()].map((stream) => stream.info())
  }

  /** Begins a stream, or says why it cannot begin. */
  publish(app: string, name: string): PublishAnswer {
    const { maxCachedBytes, maxStreams, now, onEnded, onPublished } = this.options
    if (this.#streams.has(key(app, name))) {
      return {
        ok: false,
        description: `stream ${name} is live already: end the other publisher or use another name`,
      }
    }
    if (this.#streams.size >= maxStreams) {
      return { ok: false, description: `${maxStreams} streams are live, which is the limit here` }
    }
    const stream = new LiveStream({ app, name, publishedAt: new Date(now()), maxCachedBytes })
    this.#streams.set(key(app, name), stream)
    onPublished(app, name)
    return {
      ok: true,
      sink: {
        push: (tag) => stream.push(tag),
        end: (reason) => {
          this.#streams.delete(key(app, name))
          stream.end()
          onEnded(app, name, reason)
        },
      },
    }
  }
}

function key(app: string, name: string): string {
  return `${app}/${name}`
}
