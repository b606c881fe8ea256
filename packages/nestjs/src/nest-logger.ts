import type { Logger as IvhLogger } from '@ivh-kit/core'
import { Logger } from '@nestjs/common'

/** The kit's log through Nest's own, under the context `Ivh`. */
export function createNestLogger(): IvhLogger {
  const logger = new Logger('Ivh')
  return {
    debug: (message) => logger.debug(message),
    warn: (message) => logger.warn(message),
    error: (message) => logger.error(message),
  }
}
