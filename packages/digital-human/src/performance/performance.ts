import { type Expression, type Eyes, type Mouth, poseCount } from '../face/expression'

/**
 * Returns the expression of a presenter at a moment: it breathes, sways and blinks, and `mouth` follows
 * the sound. The result depends on the time alone, so skipped frames change nothing.
 */
export function perform(seed: number, at: number, mouth: Mouth): Expression {
  return {
    pose: Math.round(breath(seed, at) * (poseCount - 1)),
    eyes: eyesAt(seed, at),
    mouth,
  }
}

const breathMs = 4000

/** Returns 0 (breathed out) to 1 (breathed in). A breath takes about four seconds; each one differs. */
function breath(seed: number, at: number): number {
  const turns = (at / breathMs + randomAt(seed, -1)) * Math.PI * 2
  const drift = 0.5 * Math.sin(at / 5300 + randomAt(seed, -2) * 6)
  const depth = 0.86 + 0.14 * Math.sin(at / 7900 + randomAt(seed, -3) * 6)
  return 0.5 - 0.5 * depth * Math.cos(turns + drift)
}

/** Length of a time window, in milliseconds. Each window has one blink at a random moment, rarely two. */
const blinkWindowMs = 3600
const blinkMs = 160
const secondBlinkAfterMs = 280

function eyesAt(seed: number, at: number): Eyes {
  const window = Math.floor(at / blinkWindowMs)
  const room = blinkWindowMs - secondBlinkAfterMs - blinkMs
  const begin = window * blinkWindowMs + 400 + randomAt(seed, window) * (room - 400)
  const single = lidAt(at - begin)
  if (single !== 'open' || randomAt(seed, window + 0.5) > 0.15) return single
  return lidAt(at - begin - secondBlinkAfterMs)
}

function lidAt(since: number): Eyes {
  if (since < 0 || since >= blinkMs) return 'open'
  return since < blinkMs / 4 || since >= (blinkMs * 3) / 4 ? 'half' : 'closed'
}

/**
 * Returns a number from 0 to 1 that depends on the seed and the index alone, so that a performance gives
 * the same result for a moment in any order of calls.
 */
function randomAt(seed: number, index: number): number {
  let hash = Math.imul(seed ^ Math.imul(index + 0x9e3779b9, 0x85ebca6b), 0xc2b2ae35)
  hash = Math.imul(hash ^ (hash >>> 15), 0x27d4eb2f)
  return ((hash ^ (hash >>> 13)) >>> 0) / 0x100000000
}
