import type { Diagnosis, Finding } from './finding'

const marks: Readonly<Record<Finding['state'], string>> = {
  ok: '✓',
  note: '!',
  problem: '✗',
  unknown: '–',
}

/** Formats a diagnosis for a terminal: one line per check, and a hint below each problem or note. */
export function report({ healthy, findings }: Diagnosis): string {
  const lines = findings.flatMap(({ check, state, detail, hint }) => [
    `${marks[state]} ${check.padEnd(11)} ${detail}`,
    ...(hint ? [`  ${' '.repeat(11)} → ${hint}`] : []),
  ])
  const problems = findings.filter(({ state }) => state === 'problem').length
  const end = healthy ? 'Nothing stands in the way.' : `${problems} to mend.`
  return [...lines, end].join('\n')
}
