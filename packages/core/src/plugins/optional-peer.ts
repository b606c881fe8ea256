import { IvhConfigError } from '../errors'

/**
 * Loads a package that only some applications install.
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

/** Not found itself; when something that it imports is not, that is another trouble. */
function isMissing(name: string, cause: unknown): boolean {
  if (!(cause instanceof Error) || !('code' in cause)) return false
  const notFound = cause.code === 'ERR_MODULE_NOT_FOUND' || cause.code === 'MODULE_NOT_FOUND'
  return notFound && cause.message.includes(`'${name}'`)
}
