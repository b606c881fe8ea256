import type { Logger } from '../options'
import type { Replica } from '../replica/replica'
import { textForLog } from '../visit/problem'

/** Closes the sessions that an earlier process of this name has left open. Logs what it did. */
export async function closeOrphansOf({ name, sessions }: Replica, logger: Logger): Promise<void> {
  // A longer name may begin with this one: behind the name are only hexadecimal digits.
  const isMine = ({ UserId }: { readonly UserId: string }) =>
    UserId.startsWith(`${name}-`) && /^[0-9a-f]+$/i.test(UserId.slice(name.length + 1))
  try {
    const closed = await sessions.closeOrphans({ isMine })
    if (closed.length === 0) return
    const ids = closed.map(({ SessionId }) => SessionId).join(', ')
    logger.warn(`Closed ${closed.length} session(s) that replica ${name} had left open: ${ids}`)
  } catch (error) {
    logger.error(
      `The sessions that replica ${name} may have left open could not be closed and may still cost money: ${textForLog(error)}`,
    )
  }
}
