import type { Diagnosis, Finding } from './finding'

const marks: Readonly<Record<Finding['state'], string>> = {
  ok: '✓',
  note: '!',
  problem: '✗',
  unknown: '–',
}

/** A diagnosis as lines for a terminal: each check, and under a problem or a note what to do. */
export function report({ healthy, findings }: Diagnosis): string {
  const lines = findings.flatMap(({ check, state, detail, hint }) => [
    `${marks[state]} ${check.padEnd(11)} ${detail}`,
    ...(hint ? [`  ${' '.repeat(11)} → ${hint}`] : []),
  ])
  const problems = findings.filter(({ state }) => state === 'problem').length
  const end = healthy ? 'Nothing stands in the way.' : `${problems} to mend.`
  return [...lines, end].join('\n')
}
