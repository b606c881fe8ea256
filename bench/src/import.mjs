// What a fresh process pays: for importing the package, and until it has its first answer.

import { fork, spawn } from 'node:child_process'
import { once } from 'node:events'
import { median, rounds, runAlone } from './measure.mjs'

const spent = `
  const { user, system } = process.cpuUsage(before)
  console.log(user + system)
  process.exit()`

/** CPU time of the whole program but Node's own start. */
const programs = (origin) => ({
  "import 'undici'": `await import('undici')`,
  "import '@ivh-kit/core'": `await import('@ivh-kit/core')`,
  'undici.request, first answer': `
    const { request } = await import('undici')
    const answer = await request('${origin}/v2/x', { method: 'POST', body: '{}' })
    await answer.body.text()`,
  'ivh.statSession, first answer': `
    const { createIvhClient } = await import('@ivh-kit/core')
    const ivh = createIvhClient({ appKey: 'k', accessToken: 't', baseUrl: '${origin}' })
    await ivh.statSession({ SessionId: 'm1' })`,
})

const peers = {
  "import '@ivh-kit/core'": "import 'undici'",
  'ivh.statSession, first answer': 'undici.request, first answer',
}

export async function importing() {
  const server = fork(new URL('./answering-server.mjs', import.meta.url))
  const [{ port }] = await once(server, 'message')
  const all = Object.entries(programs(`http://127.0.0.1:${port}`))
  const cpu = Object.fromEntries(all.map(([name]) => [name, []]))
  try {
    for (let round = 0; round < rounds; round++) {
      for (const [name, program] of round % 2 === 0 ? all : [...all].reverse()) {
        cpu[name].push(await run(program))
      }
    }
  } finally {
    server.disconnect()
  }
  return Object.keys(cpu).map((name) => {
    const peer = peers[name]
    const ratios = peer && cpu[name].map((value, round) => value / cpu[peer][round])
    return {
      what: name,
      'CPU ms': (median(cpu[name]) / 1_000).toFixed(1),
      '× undici': ratios ? median(ratios).toFixed(3) : '1.000',
    }
  })
}

async function run(program) {
  const source = `const before = process.cpuUsage()\n${program}\n${spent}`
  const child = spawn(process.execPath, ['--input-type=module', '-e', source], {
    cwd: import.meta.dirname,
    stdio: ['ignore', 'pipe', 'inherit'],
  })
  let output = ''
  child.stdout.on('data', (chunk) => {
    output += chunk
  })
  await once(child, 'close')
  return Number(output)
}

await runAlone(import.meta.url, importing)
