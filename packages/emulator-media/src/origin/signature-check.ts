import { verifyTxSecret } from '@ivh-kit/css-signer'

/** The keys of a domain: main and, during a rotation, backup. Empty means "no signature". */
export type DomainKeys = readonly string[]

/** @throws RangeError when there are more keys than a domain can have. */
export function checkKeys(option: string, keys: DomainKeys = []): DomainKeys {
  if (keys.length <= 2) return keys
  throw new RangeError(
    `${option} holds ${keys.length} keys; a domain has a main key and a backup key at most.`,
  )
}

/**
 * Checks the signature of a push or play address. Gives the refusal as a sentence for the
 * person who made the address, without any part of the secret, or undefined when all is well.
 */
export function refuseSignature(
  keys: DomainKeys,
  streamName: string,
  query: URLSearchParams,
  now: number,
): string | undefined {
  const [main, backup] = keys
  if (main === undefined) return undefined
  const verdict = verifyTxSecret({
    keys: [main, backup],
    streamName,
    txSecret: query.get('txSecret'),
    txTime: query.get('txTime'),
    now,
  })
  return verdict.ok ? undefined : describe(verdict.reason)
}

type Reason = Extract<ReturnType<typeof verifyTxSecret>, { ok: false }>['reason']

function describe(reason: Reason): string {
  switch (reason) {
    case 'missing-signature':
      return 'txSecret or txTime is missing: sign the address with the key of this domain'
    case 'malformed-stream-name':
      return 'the stream name may only have letters, digits and . _ ~ -'
    case 'malformed-tx-time':
      return 'txTime is malformed: it must be a Unix time in seconds as 8 hex digits'
    case 'wrong-signature':
      return 'txSecret does not match: wrong key, or the stream name or txTime was changed after signing'
    case 'expired':
      return 'txTime is over: sign the address again with a later time'
  }
}
