import { verifyTxSecret } from '@ivh-kit/css-signer'

/** The keys of a domain: main and, during a rotation, backup. Without keys no signature is needed. */
export type DomainKeys = readonly string[]

export interface SignatureCheckOptions {
  readonly keys: DomainKeys
  readonly now: () => number
  /** Number of seconds that the domain adds to `txTime`. */
  readonly authDelta?: number | undefined
}

/** Checks the signatures of one domain. Its keys can be replaced at any time. */
export class SignatureCheck {
  readonly #options: SignatureCheckOptions
  #keys: DomainKeys

  constructor(options: SignatureCheckOptions) {
    this.#options = options
    this.#keys = options.keys
  }

  get keys(): DomainKeys {
    return this.#keys
  }

  /** Replaces the keys. Connected clients stay connected. */
  replaceKeys(keys: DomainKeys): void {
    this.#keys = keys
  }

  /**
   * Returns why an address is refused, without any part of the secret; undefined when it is valid.
   */
  refuse(streamName: string, query: URLSearchParams): string | undefined {
    const [main, backup] = this.#keys
    if (main === undefined) return undefined
    const verdict = verifyTxSecret({
      keys: [main, backup],
      streamName,
      txSecret: query.get('txSecret'),
      txTime: query.get('txTime'),
      now: this.#options.now(),
      authDelta: this.#options.authDelta ?? 0,
    })
    return verdict.ok ? undefined : describe(verdict.reason)
  }
}

export const malformedStreamName =
  'the stream name is malformed: it may contain letters, digits and . _ ~ - only'

type Reason = Extract<ReturnType<typeof verifyTxSecret>, { ok: false }>['reason']

function describe(reason: Reason): string {
  switch (reason) {
    case 'missing-signature':
      return 'txSecret or txTime is missing: sign the address with the key of this domain'
    case 'malformed-stream-name':
      return malformedStreamName
    case 'malformed-tx-time':
      return 'txTime is malformed: it must be a Unix time in seconds as 8 hex digits'
    case 'wrong-signature':
      return 'txSecret does not match: wrong key, or the stream name or txTime was changed after signing'
    case 'expired':
      return 'txTime has passed: sign the address again with a later time'
  }
}
