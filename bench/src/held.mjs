// What a held session takes: many of them, ready, each with its command channel open and its heartbeats on.

import { fork } from 'node:child_process'
import { once } from 'node:events'
import { parseArgs } from 'node:util'
import { createIvhClient } from '@ivh-kit/core'
import { runAlone } from './measure.mjs'

const opened = { assetVirtualmanKey: 'a', protocol: 'rtmp', channel: { keepOpen: true } }

/** @param count How many sessions one process holds. */
export async function held(count = 5_000) {
  const server = fork(new URL('./holding-server.mjs', import.meta.url))
  const [{ url }] = await once(server, 'message')
  const ivh = createIvhClient({ appKey: 'k', accessToken: 't', baseUrl: url })
  try {
    // What the first session loads is nobody's alone.
    const first = await ivh.sessions.open({ ...opened, userId: 'first' })
    await first.connect()
    const before = await settled()
    for (let done = 0; done < count; done += 100) {
      const batch = Array.from({ length: 100 }, (_, index) => open(ivh, `kiosk-${done + index}`))
      await Promise.all(batch)
      process.stderr.write(`\r  held: ${done + 100} of ${count}`)
    }
    process.stderr.write('\n')
    const after = await settled()
    const from = process.cpuUsage()
    await new Promise((resolve) => setTimeout(resolve, 60_000))
    const { user, system } = process.cpuUsage(from)
    return [
      { what: 'sessions held', value: ivh.sessions.list.length },
      { what: 'heap of one, KiB', value: kib(after.heapUsed - before.heapUsed, count) },
      {
        what: 'resident of one, with its socket, KiB',
        value: kib(after.rss - before.rss, count),
      },
      {
        what: 'CPU of a quiet minute with heartbeats, share of a core',
        value: `${((user + system) / 600_000).toFixed(2)} %`,
      },
    ]
  } finally {
    await ivh.close()
    server.disconnect()
  }
}

async function open(ivh, userId) {
  const session = await ivh.sessions.open({ ...opened, userId })
  await session.connect()
}

async function settled() {
  for (let turn = 0; turn < 5; turn++) {
    global.gc?.()
    await new Promise((resolve) => setTimeout(resolve, 100))
  }
  return process.memoryUsage()
}

const kib = (bytes, count) => (bytes / count / 1024).toFixed(1)

await runAlone(import.meta.url, () =>
  held(Number(parseArgs({ allowPositionals: true }).positionals[0] ?? 5_000)),
)
