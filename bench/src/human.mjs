// `node src/human.mjs [sessions] [seconds]`: how long the event loop stands still while humans speak.

import { fork } from 'node:child_process'
import { once } from 'node:events'
import { loadavg } from 'node:os'
import { monitorEventLoopDelay } from 'node:perf_hooks'
import { createCssOrigin } from '@ivh-kit/css-origin'
import { createMediaPlane } from '@ivh-kit/emulator-media'

if (process.send) {
  // The control: a process that does nothing suffers what the machine does to everybody.
  const idle = monitorEventLoopDelay({ resolution: 20 })
  idle.enable()
  process.once('message', () => {
    process.send([idle.percentile(99), idle.max])
    process.disconnect()
  })
} else await speak()

async function speak() {
  const sessions = Number(process.argv[2] ?? 20)
  const seconds = Number(process.argv[3] ?? 20)
  /** Everybody says something else, and nobody repeats himself. */
  const textOf = (index) =>
    Array.from({ length: 40 }, (_, n) => {
      const number = index * 40 + n
      return `Welcome to lobby ${number}. Counter ${number} is open from nine to five. 欢迎来到${number}号大厅，请问${number}号客人有什么需要？ `
    }).join('')

  const origin = await createCssOrigin()
  const media = await createMediaPlane({ publishTo: origin })
  const humans = await Promise.all(
    Array.from({ length: sessions }, (_, index) =>
      media.open({ sessionId: `m${index}`, avatar: 'bench' }),
    ),
  )
  // The first word of a thread loads the voice; 20 ms is the resolution and part of every reading.
  await humans[0]?.say('Hello.').finished
  const control = fork(new URL(import.meta.url))
  const delay = monitorEventLoopDelay({ resolution: 20 })
  const before = process.cpuUsage()
  delay.enable()
  const begun = performance.now()
  const started = humans.map(async (human, index) => {
    await human.say(textOf(index)).started
    return performance.now() - begun
  })
  const firstWords = (await Promise.all(started)).sort((a, b) => a - b)
  await new Promise((resolve) => setTimeout(resolve, seconds * 1000))
  delay.disable()
  control.send('report')
  const [[idleP99, idleMax]] = await once(control, 'message')
  const { system, user } = process.cpuUsage(before)
  const wall = (performance.now() - begun) * 1000
  const stall = (nanoseconds) => Math.max(0, nanoseconds / 1e6 - 20).toFixed(1)
  console.table({
    'sessions speaking': sessions,
    'event loop late, p50 ms': stall(delay.percentile(50)),
    'event loop late, p99 ms': stall(delay.percentile(99)),
    'event loop late, max ms': stall(delay.max),
    'an idle process beside it, p99 ms': stall(idleP99),
    'an idle process beside it, max ms': stall(idleMax),
    'first word heard, median s': ((firstWords[sessions >> 1] ?? 0) / 1000).toFixed(1),
    'first word heard, last s': ((firstWords.at(-1) ?? 0) / 1000).toFixed(1),
    'CPU of the process, cores': ((user + system) / wall).toFixed(2),
    'load of the machine': loadavg()[0].toFixed(1),
  })
  await media.close()
  await origin.close()
}
