import { type CssSigner, createCssSigner } from '@ivh-kit/css-signer'
import { IvhConfigError } from '@ivh-kit/kernel'

/** Main and backup keys of both domains. */
export interface DomainKeyPairs {
  readonly pushKeys: readonly string[]
  readonly playKeys: readonly string[]
}

interface Signing {
  readonly appName: string
  readonly authDelta: number
  readonly now: () => number
}

/**
 * Returns a signer for both domains.
 *
 * @throws IvhConfigError for an invalid key, main or backup, and for more than two keys of a domain.
 */
export function signerFor(
  domain: string,
  { playKeys, pushKeys }: DomainKeyPairs,
  signing: Signing,
): CssSigner {
  const [pushKey, pushBackupKey] = mainAndBackup('pushKeys', pushKeys)
  const [playKey, playBackupKey] = mainAndBackup('playKeys', playKeys)
  return createCssSigner({
    ...signing,
    pushDomain: domain,
    playDomain: domain,
    secure: false,
    // Sign with any key when there is none: a push address always has a signature, but it is not checked then.
    pushKey: pushKey ?? 'unchecked',
    pushBackupKey,
    ...(playKey === undefined ? {} : { playKey, playBackupKey }),
  })
}

function mainAndBackup(option: string, keys: readonly string[]): readonly string[] {
  if (keys.length <= 2) return keys
  throw new IvhConfigError(`${option} has ${keys.length} keys`, {
    option,
    hint: 'A domain has at most two keys: main and backup.',
  })
}
