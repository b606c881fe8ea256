// One call, sustained at concurrency 16, beside other clients: each in a process of its own, taking turns.

import { fork } from 'node:child_process'
import { once } from 'node:events'
import { httpClients } from './http-clients.mjs'
import { median, rounds, runAlone } from './measure.mjs'

const peer = 'undici.request'
const script = new URL('./http-process.mjs', import.meta.url)
const roomy = ['--expose-gc', '--min-semi-space-size=256', '--max-semi-space-size=256']

/** One row per client: CPU of a call and bytes allocated by it, beside a bare `undici.request`. */
export async function http() {
  const server = fork(new URL('./answering-server.mjs', import.meta.url))
  const [{ port }] = await once(server, 'message')
  const origin = `http://127.0.0.1:${port}`
  const names = Object.keys(httpClients)
  const clients = new Map()
  try {
    const bytes = {}
    for (const name of names) {
      const client = await start(name, origin, roomy)
      bytes[name] = (await ask(client, { calls: 2_000 })).bytes
      client.disconnect()
    }
    for (const name of names) clients.set(name, await start(name, origin))
    const ratios = Object.fromEntries(names.map((name) => [name, []]))
    const cpu = Object.fromEntries(names.map((name) => [name, []]))
    for (let round = 0; round < rounds; round++) {
      const order = round % 2 === 0 ? names : [...names].reverse()
      const spent = {}
      for (const name of order) {
        spent[name] = (await ask(clients.get(name), { warmMs: 500, milliseconds: 1_000 })).cpu
      }
      for (const name of names) {
        ratios[name].push(spent[name] / spent[peer])
        cpu[name].push(spent[name])
      }
      process.stderr.write(`\r  http: round ${round + 1} of ${rounds}`)
    }
    process.stderr.write('\n')
    return names.map((name) => ({
      what: name,
      'CPU µs/call': median(cpu[name]).toFixed(1),
      [`× ${peer}`]: median(ratios[name]).toFixed(2),
      'KB/call': (bytes[name] / 1024).toFixed(1),
      '× KB': (bytes[name] / bytes[peer]).toFixed(2),
    }))
  } finally {
    for (const client of clients.values()) client.disconnect()
    server.disconnect()
  }
}

async function start(name, origin, execArgv = []) {
  const client = fork(script, [name, origin], { execArgv })
  await once(client, 'message')
  return client
}

async function ask(client, order) {
  client.send(order)
  const [answer] = await once(client, 'message')
  return answer
}

await runAlone(import.meta.url, http)
