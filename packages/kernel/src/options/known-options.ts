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
  if (!isOptions(options)) {
    throw new IvhConfigError(`${subject} takes an object of options, got ${kindOf(options)}`, {
      hint: `Known options: ${known.join(', ')}.`,
    })
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

/** One entry for every option, so that the compiler names a missing one. */
type Names<Options> = Readonly<Record<keyof Options, true>>

/** Creates the check for unknown names in the options of one function. `undefined` has none. */
export function namesCheck<Options>(subject: string, names: Names<Required<Options>>) {
  const known = Object.keys(names)
  return (options: unknown): void => {
    if (options !== undefined) checkKnownOptions(subject, options, known)
  }
}

/** True for objects that can hold options: not for a `Date` or a list. */
function isOptions(value: unknown): value is object {
  if (typeof value !== 'object' || value === null) return false
  return !['[object Date]', '[object Array]'].includes(Object.prototype.toString.call(value))
}

function kindOf(value: unknown): string {
  if (value === null) return 'null'
  const kind = Object.prototype.toString.call(value).slice(8, -1)
  return typeof value === 'object' ? `a value of type ${kind}` : `a value of type ${typeof value}`
}
