/** Mouth shapes. The first is a closed smile; the others are open. */
export const mouthForms = ['smile', 'small', 'middle', 'wide', 'round', 'spread'] as const
export type Mouth = (typeof mouthForms)[number]

export const eyeForms = ['open', 'half', 'closed'] as const
export type Eyes = (typeof eyeForms)[number]

/** Number of poses from breathed out (0) to breathed in. */
export const poseCount = 10

/** The face and pose of a presenter at a moment. */
export interface Expression {
  /** Number of the pose, 0 to {@link poseCount} - 1. */
  readonly pose: number
  readonly mouth: Mouth
  readonly eyes: Eyes
}

/**
 * Returns the nearest drawn expression. Every picture makes a bank slower to build, so some are left out
 * where the difference is invisible: a pose step is a third of a pixel, which a moving mouth or a blink of
 * 160 ms hides. Half-closed eyes beside an open mouth would last for one frame.
 */
export function drawnExpression({ eyes, mouth, pose }: Expression): Expression {
  if (eyes !== 'open' && (eyes === 'closed' || mouth === 'smile')) {
    return { eyes, mouth, pose: Math.min(pose - (pose % 4) + 2, poseCount - 1) }
  }
  return { eyes: 'open', mouth, pose: mouth === 'smile' ? pose : pose - (pose % 2) }
}

/** Lists the drawn expressions, ordered by pose and then by eyes. */
export function drawnExpressions(): Expression[] {
  const all: Expression[] = []
  for (let pose = 0; pose < poseCount; pose++) {
    for (const eyes of eyeForms) {
      for (const mouth of mouthForms) {
        const drawn = drawnExpression({ pose, eyes, mouth })
        if (drawn.pose === pose && drawn.eyes === eyes) all.push(drawn)
      }
    }
  }
  return all
}

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
