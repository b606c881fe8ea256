import type { Logger as IvhLogger } from '@ivh-kit/core'
import { Logger } from '@nestjs/common'

/** Logger of the kit that writes to Nest's logger with the context `Ivh`. */
export function createNestLogger(): IvhLogger {
  const logger = new Logger('Ivh')
  return {
    debug: (message) => logger.debug(message),
    warn: (message) => logger.warn(message),
    error: (message) => logger.error(message),
  }
}
