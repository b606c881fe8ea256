import { poseCount } from './expression'

/** Positions of the body parts, in pixels and radians. */
export interface Pose {
  /** Breath from 0 (breathed out) to 1 (breathed in). */
  readonly breath: number
  readonly torsoY: number
  readonly headX: number
  readonly headY: number
  readonly headAngle: number
}

/** Returns a pose. The head leans over a little while it rises. */
export function poseAt(index: number): Pose {
  const breath = index / (poseCount - 1)
  return {
    breath,
    torsoY: -3.4 * breath,
    headX: 2.4 * (breath - 0.5) + 0.7 * Math.sin(breath * Math.PI * 2),
    headY: -2.6 * breath,
    headAngle: 0.016 * (breath - 0.5),
  }
}
