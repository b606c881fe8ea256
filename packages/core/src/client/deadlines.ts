import type { Clock } from '@ivh-kit/kernel'

/**
 * Something whose time can run out. It is an entry of its list itself, so that waiting costs no
 * allocation and no timer of its own.
 */
export abstract class Deadline {
  /** @internal */
  endsAt = 0
  /** @internal */
  queue: Queue | undefined
  /** @internal */
  earlier: Deadline | undefined
  /** @internal */
  later: Deadline | undefined

  /** Called once when the time is over, and never after {@link Deadlines.cancel}. */
  abstract over(): void
}

type CancelTimer = (() => void) & { rest?: ((resting: boolean) => void) | undefined }

/** The deadlines of one length, the earliest first: what is started later ends later. */
interface Queue {
  readonly lengthMs: number
  first: Deadline | undefined
  last: Deadline | undefined
  /** When the timer fires, if the local clock is not set meanwhile. */
  firesAt: number
  timer: CancelTimer | undefined
}

/** Timers may fire this much early. */
const slackMs = 100

/**
 * Keeps any number of deadlines with one timer per length in use. When nothing waits any more, the last
 * timer rests if the clock knows how, and is cancelled if not.
 */
export interface Deadlines {
  /** @param now The clock's time, for who has just asked it. */
  start(deadline: Deadline, lengthMs: number, now?: number): void
  /** Does nothing when it is over or was never started. */
  cancel(deadline: Deadline): void
}

/** A timer per call is a good part of what a call costs; nearly all calls have the same length. */
export function createDeadlines(clock: Clock): Deadlines {
  const queues = new Map<number, Queue>()
  /** Empty, but likely to be used again. One at most: lengths may be as many as calls. */
  let resting: Queue | undefined

  const forget = (queue: Queue) => {
    if (queue === resting) resting = undefined
    if (queues.get(queue.lengthMs) === queue) queues.delete(queue.lengthMs)
  }

  const abandon = (queue: Queue) => {
    queue.timer?.()
    queue.timer = undefined
    forget(queue)
  }

  const watch = (queue: Queue, first: Deadline, now: number) => {
    const delayMs = Math.min(Math.max(0, first.endsAt - now), queue.lengthMs)
    queue.firesAt = now + delayMs
    queue.timer = clock.after(delayMs, () => expire(queue))
  }

  const expire = (queue: Queue) => {
    queue.timer = undefined
    const now = clock.now()
    // Somebody set the clock back: without this, what waits would wait that much longer.
    if (now < queue.firesAt - slackMs) shift(queue, now - queue.firesAt)
    try {
      let first = queue.first
      while (first && first.endsAt <= now) {
        unlink(first, queue)
        first.over()
        first = queue.first
      }
    } finally {
      // What was called may have started another, and with it the timer; or have thrown, which must not
      // keep the others waiting.
      if (!queue.first) forget(queue)
      else if (!queue.timer) watch(queue, queue.first, clock.now())
    }
  }

  const rest = (queue: Queue) => {
    if (resting) abandon(resting)
    resting = queue
    queue.timer?.rest?.(true)
  }

  const wake = (queue: Queue, now: number) => {
    resting = undefined
    if (queue.firesAt - now <= queue.lengthMs) {
      queue.timer?.rest?.(false)
      return
    }
    // Somebody set the clock back meanwhile.
    queue.timer?.()
    queue.timer = undefined
  }

  return {
    start(deadline, lengthMs, now = clock.now()) {
      let queue = queues.get(lengthMs)
      if (!queue) {
        queue = { lengthMs, first: undefined, last: undefined, firesAt: 0, timer: undefined }
        queues.set(lengthMs, queue)
      } else if (queue === resting) {
        wake(queue, now)
      }
      deadline.endsAt = now + lengthMs
      deadline.queue = queue
      deadline.earlier = queue.last
      if (queue.last) queue.last.later = deadline
      else queue.first = deadline
      queue.last = deadline
      if (!queue.timer) watch(queue, deadline, now)
    },
    cancel(deadline) {
      const { queue } = deadline
      if (!queue) return
      unlink(deadline, queue)
      if (queue.first) return
      if (queue.timer?.rest) rest(queue)
      else abandon(queue)
    },
  }
}

function shift(queue: Queue, byMs: number): void {
  for (let deadline = queue.first; deadline; deadline = deadline.later) deadline.endsAt += byMs
}

function unlink(deadline: Deadline, queue: Queue): void {
  const { earlier, later } = deadline
  if (earlier) earlier.later = later
  else queue.first = later
  if (later) later.earlier = earlier
  else queue.last = earlier
  deadline.earlier = undefined
  deadline.later = undefined
  deadline.queue = undefined
}
