// `node bench/src/wait.mjs`: what 10,000 sessions cost while they wait to become ready, per second. The
// peer is one timer and one bare undici.request of constant bytes per session per second; the same through
// the client's own call stands beside it.

import { fork } from 'node:child_process'
import { once } from 'node:events'
import { setTimeout as sleep } from 'node:timers/promises'
import { fileURLToPath } from 'node:url'
import { createIvhClient } from '@ivh-kit/core'
import { Pool } from 'undici'

const sessions = 10_000
const rounds = 7
const settleMs = 2_500
const measuredMs = 3_000
const peer = 'undici.request and a timer each'

/** Runs all sides in turns and returns the table. */
export async function wait() {
  const server = fork(new URL('./waiting-server.mjs', import.meta.url), [String(sessions)])
  const [{ port }] = await once(server, 'message')
  const sides = makeSides(`http://127.0.0.1:${port}`)
  const names = Object.keys(sides)
  const cpu = Object.fromEntries(names.map((name) => [name, []]))
  const ratios = Object.fromEntries(names.map((name) => [name, []]))
  try {
    for (let round = 0; round < rounds; round++) {
      const order = round % 2 === 0 ? names : [...names].reverse()
      const spent = {}
      for (const name of order) spent[name] = await measure(sides[name])
      for (const name of names) {
        cpu[name].push(spent[name])
        ratios[name].push(spent[name] / spent[peer])
      }
    }
  } finally {
    server.disconnect()
  }
  return names.map((name) => ({
    what: name,
    'CPU ms per s': median(cpu[name]).toFixed(1),
    [`× ${peer}`]: median(ratios[name]).toFixed(3),
  }))
}

/** CPU milliseconds of this process per second, once everybody waits. */
async function measure(start) {
  const stop = await start()
  await sleep(settleMs)
  const before = process.cpuUsage()
  const startedAt = performance.now()
  await sleep(measuredMs)
  const { user, system } = process.cpuUsage(before)
  const seconds = (performance.now() - startedAt) / 1_000
  await stop()
  return (user + system) / 1_000 / seconds
}

function makeSides(origin) {
  const client = (dispatcher) =>
    createIvhClient({ appKey: 'k', accessToken: 't', baseUrl: origin, dispatcher })
  const newPool = () => new Pool(origin, { connections: 64 })
  return {
    [peer]: async () => {
      const pool = newPool()
      const body = JSON.stringify({
        Header: {},
        Payload: { ReqId: '0'.repeat(32), SessionId: 'm1' },
      })
      const request = {
        path: '/statsession',
        method: 'POST',
        headers: { 'content-type': 'application/json' },
        body,
      }
      const stop = everySecond(async () => {
        const response = await pool.request(request)
        JSON.parse(await response.body.text())
      })
      return async () => {
        stop()
        await pool.destroy()
      }
    },
    'ivh.statSession and a timer each': async () => {
      const pool = newPool()
      const ivh = client(pool)
      const stop = everySecond((index) => ivh.statSession({ SessionId: `m${index}` }))
      return async () => {
        stop()
        await pool.destroy()
      }
    },
    'ivh.sessions': async () => {
      const pool = newPool()
      const ivh = client(pool)
      const waiting = Array.from({ length: sessions }, (_, index) =>
        ivh.sessions.resume(`m${index}`).catch(() => {}),
      )
      return async () => {
        await ivh.close()
        await Promise.all(waiting)
        await pool.destroy()
      }
    },
  }
}

/** One timer per session, begun evenly over the first second. */
function everySecond(look) {
  const timers = new Set()
  for (let index = 0; index < sessions; index++) {
    const first = setTimeout(
      () => {
        timers.delete(first)
        timers.add(setInterval(() => void look(index).catch(() => {}), 1_000))
      },
      (index * 1_000) / sessions,
    )
    timers.add(first)
  }
  return () => {
    for (const timer of timers) clearTimeout(timer)
  }
}

function median(values) {
  const sorted = [...values].sort((a, b) => a - b)
  return sorted[Math.floor(sorted.length / 2)]
}

if (process.argv[1] === fileURLToPath(import.meta.url)) console.table(await wait())
