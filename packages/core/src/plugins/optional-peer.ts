import { IvhConfigError } from '../errors'

/**
 * Loads an optional peer dependency.
 *
 * @throws IvhConfigError naming the command that installs it.
 */
export async function loadPeer<Module>(
  name: string,
  neededBy: string,
  load: () => Promise<Module>,
): Promise<Module> {
  try {
    return await load()
  } catch (cause) {
    if (!isMissing(name, cause)) throw cause
    throw new IvhConfigError(`${neededBy} needs the package ${name}, which is not installed`, {
      hint: `Run: npm install ${name}`,
      cause,
    })
  }
}

/** True when the package itself is missing, and not one of its dependencies. */
function isMissing(name: string, cause: unknown): boolean {
  if (!(cause instanceof Error) || !('code' in cause)) return false
  const notFound = cause.code === 'ERR_MODULE_NOT_FOUND' || cause.code === 'MODULE_NOT_FOUND'
  return notFound && cause.message.includes(`'${name}'`)
}
