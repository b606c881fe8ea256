// 20 humans with a viewer each: the share of one core that the process takes which draws, speaks, publishes
// and serves them. The viewers are in another process.

import { fork } from 'node:child_process'
import { once } from 'node:events'
import { setTimeout as sleep } from 'node:timers/promises'
import { fileURLToPath } from 'node:url'
import { median, runAlone } from './measure.mjs'

const humans = 20
/** Long enough for several sentences of everybody: how many begin in it is then much the same. */
const seconds = 15
const rounds = 3
/** Humans begin this far from each other, as sessions do, so that their sentences do not fall together. */
const apart = 370
/** What is loaded and compiled at the beginning is not measured. */
const warmUp = 10_000

/** Rows of both voices: silent, then all speaking. */
export async function streams() {
  return [...(await withVoice('built-in')), ...(await withVoice('espeak'))]
}

async function withVoice(voice) {
  const cloud = fork(fileURLToPath(import.meta.url), ['cloud', voice])
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
      what: `${humans} humans, a viewer each, ${doing}, ${voice}`,
      '% of a core': (median(shares) * 100).toFixed(1),
      worst: (Math.max(...shares) * 100).toFixed(1),
      target: '<= 60',
    })
  }
  leave.abort()
  cloud.disconnect()
  return rows
}

/** No two humans say the same, and nobody repeats himself. */
function textOf(index) {
  const rooms = ['lobby', 'garden', 'library', 'kitchen', 'workshop', 'gallery', 'office']
  const verbs = ['opens', 'closes', 'is cleaned', 'is painted', 'may be visited', 'is for rent']
  return Array.from({ length: 60 }, (_, n) => {
    const number = index * 60 + n
    const room = rooms[number % rooms.length]
    const verb = verbs[(number * 5 + index) % verbs.length]
    return `Guest ${number}, please note that the ${room} of house ${number} ${verb} at ${(number * 7) % 60} minutes past noon.`
  }).join(' ')
}

async function serve() {
  const { createCssOrigin } = await import('@ivh-kit/css-origin')
  const { createMediaPlane } = await import('@ivh-kit/emulator-media')
  const origin = await createCssOrigin()
  const media = await createMediaPlane({ publishTo: origin, voice: process.argv[3] })
  const all = []
  for (let index = 0; index < humans; index++) {
    all.push(await media.open({ sessionId: `m${index}`, avatar: 'bench' }))
  }
  process.send({ urls: all.map((human) => human.playUrl) })
  let warm
  process.on('message', async ({ doing }) => {
    if (doing !== warm) {
      warm = doing
      if (doing === 'speaking') {
        for (const [index, human] of all.entries()) {
          human.say(textOf(index))
          await sleep(apart)
        }
      }
      await sleep(warmUp)
    }
    const before = process.cpuUsage()
    const from = performance.now()
    await sleep(seconds * 1_000)
    const { user, system } = process.cpuUsage(before)
    process.send({ share: (user + system) / 1_000 / (performance.now() - from) })
  })
  process.on('disconnect', () => process.exit(0))
}

if (process.argv[2] === 'cloud') await serve()
else await runAlone(import.meta.url, streams)
