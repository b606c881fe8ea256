import { type CssSigner, type CssSignerOptions, createCssSigner } from '@ivh-kit/css-signer'
import { IvhConfigError } from '@ivh-kit/kernel'

/**
 * Returns a signer for both domains.
 *
 * @throws IvhConfigError for an invalid key, main or backup, and for more than two keys of a domain.
 */
export function signerFor(
  domain: string,
  keys: { readonly pushKeys: readonly string[]; readonly playKeys: readonly string[] },
  signing: Pick<CssSignerOptions, 'appName' | 'authDelta' | 'now'>,
): CssSigner {
  const [pushKey, pushBackupKey] = mainAndBackup('pushKeys', keys.pushKeys)
  const [playKey, playBackupKey] = mainAndBackup('playKeys', keys.playKeys)
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
