import type { LiveStream } from './live-stream'
import type { SignatureCheck } from './signature-check'
import type { StreamRegistry } from './stream-registry'

/** Why a viewer is not let in: for people, in every protocol. */
export interface PlayRefusal {
  readonly ok: false
  /** As in HTTP: the signature was refused, or there is no such stream. */
  readonly status: 403 | 404
  readonly body: {
    readonly error: string
    readonly reason: string
    /** What is live, to help with a misspelt name. Only for those whose signature is right. */
    readonly live?: readonly string[]
  }
}

export type Admission = { readonly ok: true; readonly stream: LiveStream } | PlayRefusal

/** Lets viewers in by whatever protocol they come: signature first, then the stream. */
export class PlayGate {
  constructor(
    private readonly signatures: SignatureCheck,
    private readonly registry: StreamRegistry,
  ) {}

  admit(app: string, name: string, query: URLSearchParams): Admission {
    const refusal = this.refuse(name, query)
    if (refusal) return refusal
    const stream = this.registry.find(app, name)
    return stream ? { ok: true, stream } : this.notFound(app, name)
  }

  /** Looks at the signature alone. */
  refuse(name: string, query: URLSearchParams): PlayRefusal | undefined {
    const reason = this.signatures.refuse(name, query)
    if (reason === undefined) return undefined
    return { ok: false, status: 403, body: { error: 'play refused', reason } }
  }

  notFound(app: string, name: string): PlayRefusal {
    const live = this.registry.list().map((stream) => `${stream.app}/${stream.name}`)
    const reason = `nobody publishes ${app}/${name}: wait until the push has begun, or check the name`
    return { ok: false, status: 404, body: { error: 'stream not found', reason, live } }
  }
}
