import { BrokerRefusal, type BrokerSnapshot } from '@ivh-kit/broker/client'
import { texts } from './texts'

const byReason: Readonly<Record<string, string>> = {
  busy: texts.full,
  idle: texts.idleTooLong,
  lost: texts.lost,
  transport: texts.serviceUnreachable,
  shutdown: texts.shuttingDown,
  'time-limit': texts.timeLimit,
  timeout: texts.serviceUnreachable,
}

/** The reason why a session ended, in the visitor's language and without the kit's own words. */
export function endText(problem: NonNullable<BrokerSnapshot['problem']>): string {
  return byReason[problem.reason] ?? texts.ended
}

/** The reason why the server did not open a session. */
export function openText(error: unknown): string {
  if (!(error instanceof BrokerRefusal)) return texts.refused
  if (error.status === 0) return texts.unreachable
  return error.status === 503 ? texts.full : texts.refused
}

/** The reason why a text was not said. */
export function sayText(error: unknown): string {
  if (!(error instanceof BrokerRefusal)) return texts.notSaid
  if (error.status === 0) return texts.unreachable
  return error.status === 409 ? texts.notReady : texts.notSaid
}
