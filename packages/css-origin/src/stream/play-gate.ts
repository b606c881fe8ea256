import type { LiveStream } from './live-stream'
import type { SignatureCheck } from './signature-check'
import type { StreamRegistry } from './stream-registry'

/** The reason why a viewer is refused, for every protocol. */
export interface PlayRefusal {
  readonly ok: false
  /** HTTP status: 403 for a refused signature, 404 for an unknown stream. */
  readonly status: 403 | 404
  readonly body: {
    readonly error: string
    readonly reason: string
    /** The live streams, to help with a misspelt name. Only for viewers with a valid signature. */
    readonly live?: readonly string[]
  }
}

export type Admission = { readonly ok: true; readonly stream: LiveStream } | PlayRefusal

/** Admits viewers of every protocol: checks the signature, then finds the stream. */
export class PlayGate {
  readonly #signatures: SignatureCheck
  readonly #registry: StreamRegistry
  constructor(signatures: SignatureCheck, registry: StreamRegistry) {
    this.#signatures = signatures
    this.#registry = registry
  }

  admit(app: string, name: string, query: URLSearchParams): Admission {
    const refusal = this.refuse(name, query)
    if (refusal) return refusal
    const stream = this.#registry.find(app, name)
    if (stream) return { ok: true, stream }
    const live = this.#registry.list().map((other) => `${other.app}/${other.name}`)
    const reason = `the stream ${app}/${name} is not live: wait for the push, or check the name`
    return { ok: false, status: 404, body: { error: 'stream not found', reason, live } }
  }

  /** Checks the signature only. */
  refuse(name: string, query: URLSearchParams): PlayRefusal | undefined {
    const reason = this.#signatures.refuse(name, query)
    if (reason === undefined) return undefined
    return { ok: false, status: 403, body: { error: 'play refused', reason } }
  }
}
