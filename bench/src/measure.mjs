import { fileURLToPath } from 'node:url'

// Ratios beside a peer in one run: the sides take turns, round by round, and the median of the per-round
// ratios is the result. CPU time of this process, not wall time: the machine may be shared.

export const rounds = 9

/** Runs `sides` (name → async function doing `count` operations) and returns a table. */
export async function compare(sides, { peer, count }) {
  const names = Object.keys(sides)
  for (const name of names) await sides[name](count)
  const ratios = Object.fromEntries(names.map((name) => [name, []]))
  const cpu = Object.fromEntries(names.map((name) => [name, []]))
  for (let round = 0; round < rounds; round++) {
    const order = round % 2 === 0 ? names : [...names].reverse()
    const spent = {}
    for (const name of order) {
      const before = process.cpuUsage()
      await sides[name](count)
      const { user, system } = process.cpuUsage(before)
      spent[name] = (user + system) / count
    }
    for (const name of names) {
      ratios[name].push(spent[name] / spent[peer])
      cpu[name].push(spent[name])
    }
  }
  return names.map((name) => ({
    what: name,
    'CPU µs/op': median(cpu[name]).toFixed(2),
    [`× ${peer}`]: median(ratios[name]).toFixed(2),
  }))
}

export function median(values) {
  const sorted = [...values].sort((a, b) => a - b)
  return sorted[Math.floor(sorted.length / 2)]
}

/** Prints the table when the module is the program, so that each benchmark can be run by itself. */
export async function runAlone(url, benchmark) {
  if (process.argv[1] === fileURLToPath(url)) console.table(await benchmark())
}
