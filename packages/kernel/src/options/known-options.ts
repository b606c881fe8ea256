import { IvhConfigError } from '../errors/config-error'
import { closestName } from './closest-name'

/**
 * Checks the names of options, because untyped callers can misspell them.
 *
 * @param subject The function that takes the options, for the message: `createCssSigner`.
 * @throws IvhConfigError (`unknown-option`) naming the unknown option and the closest known name.
 */
export function checkKnownOptions(
  subject: string,
  options: unknown,
  known: readonly string[],
): void {
  if (typeof options !== 'object' || options === null) {
    throw new IvhConfigError(
      `${subject} takes an object of options, got ${options === null ? 'null' : `a value of type ${typeof options}`}`,
      { hint: `Known options: ${known.join(', ')}.` },
    )
  }
  for (const option of Object.keys(options)) {
    if (known.includes(option)) continue
    const closest = closestName(option, known)
    throw new IvhConfigError(`${subject} has no option ${JSON.stringify(option)}`, {
      code: 'unknown-option',
      option,
      hint: closest ? `Did you mean ${closest}?` : `Known options: ${known.join(', ')}.`,
    })
  }
}
