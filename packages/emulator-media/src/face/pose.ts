import { POSES } from './expression'

/** Where the parts of the body are, in pixels and radians, when breathed in by `breath`. */
export interface Pose {
  /** 0 breathed out, 1 breathed in. */
  readonly breath: number
  readonly torsoY: number
  readonly headX: number
  readonly headY: number
  readonly headAngle: number
}

/** The head does not go straight up: it leans over a little and back, as living ones do. */
export function poseAt(index: number): Pose {
  const breath = index / (POSES - 1)
  return {
    breath,
    torsoY: -3.4 * breath,
    headX: 2.4 * (breath - 0.5) + 0.7 * Math.sin(breath * Math.PI * 2),
    headY: -2.6 * breath,
    headAngle: 0.016 * (breath - 0.5),
  }
}
