import { redactText } from '@ivh-kit/kernel'
import type { Logger } from '../options'

/** Longest list of remembered texts, so that hostile requests cannot fill the memory or the log. */
const maxTexts = 50

/** Creates a function that logs each text once, as a warning. */
export function createLogOnce(logger: Logger): (text: string) => void {
  const logged = new Set<string>()
  return (text) => {
    if (logged.has(text) || logged.size >= maxTexts) return
    logged.add(text)
    logger.warn(redactText(text))
  }
}
