import { IvhConfigError } from '../errors/config-error'

/** Returns the IvhConfigError that `run` throws. Throws when `run` returns or throws another error. */
export function configErrorOf(run: () => unknown): IvhConfigError {
  try {
    run()
  } catch (error) {
    if (error instanceof IvhConfigError) return error
    throw error
  }
  throw new Error('no IvhConfigError was thrown')
}
