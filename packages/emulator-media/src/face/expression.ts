/** The first mouth is closed and smiles, the others are open. */
export const MOUTHS = ['smile', 'small', 'middle', 'wide', 'round', 'spread'] as const
export type Mouth = (typeof MOUTHS)[number]

export const EYES = ['open', 'half', 'closed'] as const
export type Eyes = (typeof EYES)[number]

/** Steps from breathed out (0) to breathed in; the way up and down gives twice as many phases. */
export const POSES = 10

/** What a presenter looks like at a moment. */
export interface Expression {
  /** 0 to {@link POSES} - 1. */
  readonly pose: number
  readonly mouth: Mouth
  readonly eyes: Eyes
}

/**
 * The nearest expression that is drawn. Every picture costs time when a bank is built, so there
 * are fewer where nobody can see it: a step of the pose is a third of a pixel, and a moving
 * mouth or a blink of 160 ms hides two of them. Half-closed eyes beside an open mouth last for
 * one frame and are left out.
 */
export function drawnExpression({ eyes, mouth, pose }: Expression): Expression {
  if (eyes !== 'open' && (eyes === 'closed' || mouth === 'smile')) {
    return { eyes, mouth, pose: Math.min(pose - (pose % 4) + 2, POSES - 1) }
  }
  return { eyes: 'open', mouth, pose: mouth === 'smile' ? pose : pose - (pose % 2) }
}

/** Every expression that is drawn: pose by pose, and eyes by eyes within a pose. */
export function drawnExpressions(): Expression[] {
  const all: Expression[] = []
  for (let pose = 0; pose < POSES; pose++) {
    for (const eyes of EYES) {
      for (const mouth of MOUTHS) {
        const drawn = drawnExpression({ pose, eyes, mouth })
        if (drawn.pose === pose && drawn.eyes === eyes) all.push(drawn)
      }
    }
  }
  return all
}
