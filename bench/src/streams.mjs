// 20 humans with a viewer each: the share of one core that the process takes which draws, speaks, publishes
// and serves them. The viewers are in another process.

import { fork } from 'node:child_process'
import { once } from 'node:events'
import { fileURLToPath } from 'node:url'
import { median, runAlone } from './measure.mjs'

const humans = 20
const seconds = 5
const rounds = 7

/** Rows: silent, then all speaking. */
export async function streams() {
  const cloud = fork(fileURLToPath(import.meta.url), ['cloud'])
  const [{ urls }] = await once(cloud, 'message')
  const leave = new AbortController()
  const viewers = urls.map(async (url) => {
    const { body } = await fetch(url, { signal: leave.signal })
    let bytes = 0
    for await (const chunk of body) bytes += chunk.length
    return bytes
  })
  for (const viewer of viewers) viewer.catch(() => {})
  const rows = []
  for (const doing of ['silent', 'speaking']) {
    const shares = []
    for (let round = 0; round < rounds; round++) {
      cloud.send({ doing })
      const [{ share }] = await once(cloud, 'message')
      shares.push(share)
    }
    rows.push({
      what: `${humans} humans, a viewer each, ${doing}`,
      '% of a core': (median(shares) * 100).toFixed(1),
      worst: (Math.max(...shares) * 100).toFixed(1),
      target: '< 25',
    })
  }
  leave.abort()
  cloud.disconnect()
  return rows
}

async function serve() {
  const { createCssOrigin, createMediaPlane } = await import('@ivh-kit/emulator-media')
  const origin = await createCssOrigin()
  const media = await createMediaPlane({ publishTo: origin, voice: 'built-in' })
  const all = []
  for (let index = 0; index < humans; index++) {
    all.push(await media.open({ sessionId: `m${index}`, avatar: 'bench' }))
  }
  process.send({ urls: all.map((human) => human.playUrl) })
  let speaking = false
  process.on('message', async ({ doing }) => {
    if (doing === 'speaking' && !speaking) {
      speaking = true
      for (const human of all) human.say('Good morning, and welcome to this stream. '.repeat(40))
      await new Promise((resolve) => setTimeout(resolve, 10_000))
    }
    const before = process.cpuUsage()
    const from = performance.now()
    await new Promise((resolve) => setTimeout(resolve, seconds * 1_000))
    const { user, system } = process.cpuUsage(before)
    process.send({ share: (user + system) / 1_000 / (performance.now() - from) })
  })
  process.on('disconnect', () => process.exit(0))
}

if (process.argv[2] === 'cloud') await serve()
else await runAlone(import.meta.url, streams)
