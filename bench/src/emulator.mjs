// The emulator's own numbers, runnable alone: how soon it is there, how much it takes, what a session costs.
import { execFile } from 'node:child_process'
import { createHmac } from 'node:crypto'
import { fileURLToPath } from 'node:url'
import { promisify } from 'node:util'

const run = promisify(execFile)
const self = fileURLToPath(import.meta.url)
const roles = { bare, cold, coldWithMedia, creates, memory }

/** Rows for `console.table`, each measured in processes of its own; the median of several. */
export async function emulator() {
  // In turn, so that whatever else the machine does slows both.
  const [bareNode, withoutMedia] = await inTurn(['bare', 'cold'], 9)
  return [
    { what: 'a bare Node process', ...bareNode, unit: 'ms', target: '–' },
    {
      what: 'cold start, without media',
      ...withoutMedia,
      unit: 'ms',
      target: '≤ 250',
    },
    {
      what: 'cold start, with media',
      ...(await measured('coldWithMedia', 5)),
      unit: 'ms',
      target: '≤ 1000',
    },
    { what: 'creates in process', ...(await measured('creates', 3)), unit: '/s', target: '≥ 2000' },
    { what: 'heap of an idle session', ...(await measured('memory', 3)), unit: 'KiB', target: '–' },
  ]
}

async function measured(role, times) {
  const [row] = await inTurn([role], times)
  return row
}

async function inTurn(names, times) {
  const all = names.map(() => [])
  for (let time = 0; time < times; time++) {
    for (const [index, role] of names.entries()) {
      const { stdout } = await run(process.execPath, ['--expose-gc', self, role])
      all[index].push(Number(stdout))
    }
  }
  return all.map((values, index) => {
    values.sort((a, b) => a - b)
    const best = names[index] === 'creates' ? values.at(-1) : values[0]
    return { median: values[times >> 1], best }
  })
}

/** A process that has loaded this file and nothing of ours. */
function bare() {
  return Math.round(performance.now())
}

/** From the start of the process to an emulator that listens. */
async function cold() {
  const { createEmulator } = await import('@ivh-kit/emulator')
  const running = await createEmulator()
  const taken = Math.round(performance.now())
  await running.close()
  return taken
}

/** The same with the media plane that shows the human. */
async function coldWithMedia() {
  const { createEmulator } = await import('@ivh-kit/emulator')
  const { createMediaPlane } = await import('@ivh-kit/emulator-media')
  const media = await createMediaPlane()
  const running = await createEmulator({ media })
  const taken = Math.round(performance.now())
  await running.close()
  await media.close()
  return taken
}

async function creates() {
  const { create, close } = await account()
  for (let index = 0; index < 500; index++) await create(`warm-${index}`)
  const count = 4_000
  const begun = performance.now()
  for (let index = 0; index < count; index++) await create(`u${index}`)
  const perSecond = Math.round(count / ((performance.now() - begun) / 1000))
  await close()
  return perSecond
}

async function memory() {
  const { create, close } = await account()
  // The logs of calls and events are full before it counts.
  for (let index = 0; index < 3_000; index++) await create(`warm-${index}`)
  const heap = () => {
    globalThis.gc()
    return process.memoryUsage().heapUsed
  }
  const before = heap()
  const count = 3_000
  for (let index = 0; index < count; index++) await create(`u${index}`)
  const each = (heap() - before) / count / 1024
  await close()
  return each.toFixed(2)
}

async function account() {
  const { createGateway } = await import('@ivh-kit/emulator')
  const gateway = createGateway({ concurrency: 1e6, prepareMs: 0 })
  const path = '/v2/ivh/sessionmanager/sessionmanagerservice/createsessionbyasset'
  const create = async (UserId) => {
    const text = `appkey=emulator-appkey&timestamp=${Math.floor(Date.now() / 1000)}`
    const base64 = createHmac('sha256', 'emulator-accesstoken').update(text).digest('base64')
    const url = `http://emulator${path}?${text}&signature=${encodeURIComponent(base64)}`
    const Payload = {
      ReqId: '0'.repeat(32),
      AssetVirtualmanKey: 'a',
      UserId,
      Protocol: 'rtmp',
      DriverType: 1,
    }
    const body = JSON.stringify({ Header: {}, Payload })
    const answer = await gateway.fetch(new Request(url, { method: 'POST', body }))
    const { Header } = await answer.json()
    if (Header.Code !== 0) throw new Error(Header.Message)
  }
  return { create, close: () => gateway.close() }
}

if (process.argv[1] === self) {
  const role = roles[process.argv[2]]
  if (role) console.log(await role())
  else console.table(await emulator())
}
