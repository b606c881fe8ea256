// `node bench/src/pacing.mjs --sessions 200 --seconds 60`: that many sessions send audio at the same time, in
// real time, from this one process over real WebSockets to an emulator in a process of its own. Counts
// how many packets followed the one before within 120–160 ms, measured where the packet is handed to its
// socket. The first six packets of a session go at once, as documented, and are not counted.
// `--core 0` keeps the sender, and only the sender, on that core (Linux).
import { execFileSync, spawn } from 'node:child_process'
import { availableParallelism, loadavg } from 'node:os'
import { createInterface } from 'node:readline'
import { fileURLToPath } from 'node:url'
import { parseArgs } from 'node:util'
import { createIvhClient } from '@ivh-kit/core'
import { WebSocket } from 'ws'

const { values } = parseArgs({
  options: {
    sessions: { type: 'string', default: '200' },
    seconds: { type: 'string', default: '60' },
    core: { type: 'string' },
    target: { type: 'string', default: '99' },
  },
})
const sessions = Number(values.sessions)
const packets = Math.round((Number(values.seconds) * 1_000) / 120)
const burst = 6

const emulator = spawn(
  process.execPath,
  [
    fileURLToPath(new URL('../../packages/emulator/bin/ivh-emulator.mjs', import.meta.url)),
    '--media',
    'none',
    ...['--quiet', '--prepare-ms', '0', '--concurrency', String(sessions)],
  ],
  { stdio: ['ignore', 'pipe', 'inherit'] },
)
try {
  const baseUrl = await ready(emulator)
  if (values.core) execFileSync('taskset', ['-acp', values.core, String(process.pid)])
  const sentAt = []
  const webSocket = (url) => {
    const times = []
    sentAt.push(times)
    const socket = new WebSocket(url)
    const send = socket.send.bind(socket)
    socket.send = (data) => {
      if (data.includes('SEND_AUDIO') && !data.includes('"IsFinal":true')) {
        times.push(performance.now())
      }
      send(data)
    }
    return socket
  }
  const ivh = createIvhClient({
    ...{ appKey: 'emulator-appkey', accessToken: 'emulator-accesstoken', baseUrl, webSocket },
  })
  const opened = await Promise.all(
    Array.from({ length: sessions }, (_, index) =>
      ivh.sessions.open({
        ...{ assetVirtualmanKey: 'a', userId: `u${index}`, protocol: 'rtmp', driverType: 3 },
        channel: { open: 'auto' },
      }),
    ),
  )
  const load = loadavg()[0]
  const cpu = process.cpuUsage()
  const began = performance.now()
  const ends = await Promise.allSettled(
    opened.map((session) => session.sendAudio(silence()).finished),
  )
  const elapsedMs = performance.now() - began
  const used = process.cpuUsage(cpu)
  const failed = ends.filter(({ status }) => status === 'rejected')
  for (const { reason } of failed.slice(0, 3)) console.error(String(reason))
  await ivh.close()
  report(sentAt, {
    elapsedMs,
    load,
    busyMs: (used.user + used.system) / 1_000,
    failed: failed.length,
  })
} finally {
  emulator.kill()
}

function report(sentAt, { elapsedMs, load, busyMs, failed }) {
  const intervals = sentAt
    .flatMap((times) => times.slice(burst).map((at, index) => at - times[burst - 1 + index]))
    .sort((a, b) => a - b)
  const at = (share) => intervals[Math.floor(share * (intervals.length - 1))]?.toFixed(1)
  // A timestamp in whole milliseconds, as a receiver would note it.
  const within = intervals.filter((ms) => Math.round(ms) >= 120 && Math.round(ms) <= 160).length
  const late = intervals.filter((ms) => Math.round(ms) > 160).length
  const percent = (100 * within) / intervals.length
  const right = failed === 0 && percent >= Number(values.target)
  console.log(
    `${sessions} sessions, ${intervals.length} intervals in ${(elapsedMs / 1_000).toFixed(1)} s, ${failed} sessions failed`,
  )
  console.log(
    `within 120–160 ms: ${percent.toFixed(2)} % (late ${late}, early ${intervals.length - within - late})`,
  )
  console.log(`p1 ${at(0.01)}, p50 ${at(0.5)}, p99 ${at(0.99)}, max ${at(1)} ms`)
  console.log(
    `CPU of the sender ${((100 * busyMs) / elapsedMs).toFixed(0)} % of one core; load ${load.toFixed(2)} on ${availableParallelism()} usable cores at the start; Node ${process.version}`,
  )
  console.log(`${right ? '✓' : '✗'} target: ${values.target} %`)
  process.exitCode = right ? 0 : 1
}

async function* silence() {
  const packet = new Uint8Array(5_120)
  for (let index = 0; index < packets; index++) yield packet
}

async function ready(child) {
  for await (const line of createInterface(child.stdout)) {
    const url = /http:\S+/.exec(line)?.[0]
    if (url) return url
  }
  throw new Error('the emulator did not start')
}
