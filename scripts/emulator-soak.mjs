// Many sessions that speak, evict each other and meet faults, against the built emulator in a process of
// its own: `node scripts/emulator-soak.mjs [--minutes 10] [--sessions 500] [--seed 1]`. Its memory must be
// flat once it remembers as much as it ever will, and in the end nothing may be left.
import { fork } from 'node:child_process'
import { createHmac, randomUUID } from 'node:crypto'
import { once } from 'node:events'
import { createRequire } from 'node:module'
import { join } from 'node:path'
import { setTimeout as sleep } from 'node:timers/promises'
import { fileURLToPath, pathToFileURL } from 'node:url'
import { parseArgs } from 'node:util'
import { root } from './pnpm.mjs'

const require = createRequire(join(root, 'packages/emulator/package.json'))

if (process.send) await serve()
else await soak()

async function serve() {
  const entry = pathToFileURL(join(root, 'packages/emulator/dist/index.mjs')).href
  const { createEmulator } = await import(entry)
  const emulator = await createEmulator({
    concurrency: 100_000,
    prepareMs: 200,
    idleTimeoutMs: 20_000,
    channelIdleTimeoutMs: 10_000,
    textSpacingMs: 0,
  })
  const live = () => emulator.sessions.filter(({ status }) => status === 1 || status === 3).length
  process.on('message', async (what) => {
    if (what === 'close') {
      await emulator.close()
      process.send({ live: live() }, () => process.disconnect())
      return
    }
    globalThis.gc()
    const { rss, heapUsed } = process.memoryUsage()
    process.send({ rss, heapUsed, live: live(), remembered: emulator.sessions.length })
  })
  process.send({ url: emulator.url })
}

async function soak() {
  const { values } = parseArgs({
    options: {
      minutes: { type: 'string', default: '10' },
      sessions: { type: 'string', default: '500' },
      seed: { type: 'string', default: '1' },
    },
  })
  const minutes = Number(values.minutes)
  const users = Number(values.sessions)
  const random = mulberry32(Number(values.seed))
  const { WebSocket } = require('ws')
  const { Agent, request } = require('undici')
  const agent = new Agent({ connections: 64 })

  const child = fork(fileURLToPath(import.meta.url), [], { execArgv: ['--expose-gc'] })
  const [{ url }] = await once(child, 'message')
  const exited = once(child, 'exit')
  let crashed = true
  void exited.then(([code, signal]) => {
    if (crashed) throw new Error(`the emulator ended by itself: ${code ?? signal}`)
  })

  const counts = {
    created: 0,
    spoken: 0,
    evicted: 0,
    closed: 0,
    failedCalls: 0,
    faults: 0,
    restarts: 0,
  }
  const until = Date.now() + minutes * 60_000
  const going = () => Date.now() < until
  const signed = (extra = '') => {
    const text = `appkey=emulator-appkey${extra}&timestamp=${Math.floor(Date.now() / 1000)}`
    const base64 = createHmac('sha256', 'emulator-accesstoken').update(text).digest('base64')
    return `${text}&signature=${encodeURIComponent(base64)}`
  }
  const post = async (path, body) => {
    const answer = await request(`${url}${path}`, {
      method: 'POST',
      body: JSON.stringify(body),
      dispatcher: agent,
    })
    return JSON.parse(await answer.body.text())
  }
  const manager = '/v2/ivh/sessionmanager/sessionmanagerservice'
  const id = () => randomUUID().replaceAll('-', '')
  /** The payload; undefined when a fault or a refusal stood in the way. */
  const call = async (name, payload) => {
    try {
      const { Header, Payload } = await post(`${manager}/${name}?${signed()}`, {
        Header: {},
        Payload: { ReqId: id(), ...payload },
      })
      if (Header.Code === 0) return Payload
    } catch {}
    counts.failedCalls += 1
    return undefined
  }
  const create = async (UserId) => {
    const wanted = { UserId, AssetVirtualmanKey: 'a', Protocol: 'rtmp', DriverType: 1 }
    const payload = await call('createsessionbyasset', wanted)
    if (payload) counts.created += 1
    return payload?.SessionId
  }

  async function liveOnce(user) {
    const SessionId = await create(user)
    if (!SessionId) return
    await sleep(300)
    if (random() < 0.15) {
      if (await create(user)) counts.evicted += 1
      return
    }
    await call('startsession', { SessionId })
    await speak(SessionId)
    // Some are forgotten: the next one of this user, or the idle time, ends them.
    if (random() < 0.8 && (await call('closesession', { SessionId }))) counts.closed += 1
  }

  async function speak(SessionId) {
    const path = '/v2/ws/ivh/interactdriver/interactdriverservice/commandchannel'
    const socket = new WebSocket(
      `${url.replace('http', 'ws')}${path}?${signed(`&requestid=${SessionId}`)}`,
    )
    const ended = new Promise((resolve) => socket.on('close', resolve))
    let over = () => {}
    socket.on('error', () => {})
    socket.on('message', (data) => {
      if (String(data).includes('"TextOver"')) over()
    })
    const opened = await Promise.race([
      once(socket, 'open').then(
        () => true,
        () => false,
      ),
      ended.then(() => false),
    ])
    if (!opened) return
    const send = (Command, ReqId, Data) =>
      socket.send(JSON.stringify({ Header: {}, Payload: { ReqId, SessionId, Command, Data } }))
    for (let drive = 0; drive < 3 && socket.readyState === WebSocket.OPEN; drive++) {
      const ReqId = id()
      const done = new Promise((resolve) => {
        over = resolve
      })
      if (random() < 0.5) send('SEND_TEXT', ReqId, { Text: 'Welcome to the lobby.' })
      else {
        send('SEND_STREAMTEXT', ReqId, { Text: 'One sentence. ', Seq: 1, IsSentence: true })
        send('SEND_STREAMTEXT', ReqId, { Text: '', Seq: 2, IsFinal: true })
      }
      send('SEND_HEARTBEAT', id(), { Text: 'PING' })
      if (random() < 0.1) socket.send('{"Header":{},"Payl')
      if ((await Promise.race([done.then(() => true), ended, sleep(5_000)])) === true) {
        counts.spoken += 1
      }
    }
    if (random() < 0.5) socket.terminate()
    else socket.close()
    await ended
  }

  async function misbehave() {
    const kinds = [
      () => ({ drop: 'before' }),
      () => ({ drop: 'after' }),
      () => ({ status: 502 }),
      () => ({ code: 100000 }),
      () => ({ truncate: true }),
      () => ({ invalidJson: true }),
      () => ({ duplicate: true }),
      () => ({ delayMs: 500 }),
      () => ({ on: 'commandChannel', cutAtMessage: 3 }),
      () => ({ on: 'createSessionByAsset', creationFailed: true }),
    ]
    while (going()) {
      await sleep(500)
      const { pending } = await (await request(`${url}/__emulator/faults`)).body.json()
      if (pending.length > 50) continue
      const faults = Array.from({ length: 3 }, () => kinds[Math.floor(random() * kinds.length)]())
      await post(
        '/__emulator/faults',
        faults.map((fault) => ({ times: 2, ...fault })),
      )
      counts.faults += 3
      if (random() < 0.005) {
        await post('/__emulator/restart', { keepSessions: random() < 0.5 }).catch(() => {})
        counts.restarts += 1
      }
    }
  }

  const heap = []
  async function watch() {
    const begun = Date.now()
    while (going()) {
      await sleep(Math.min(15_000, Math.max(0, until - Date.now())))
      const said = once(child, 'message')
      child.send('memory')
      const [{ rss, heapUsed, live, remembered }] = await said
      heap.push(heapUsed)
      const mega = (bytes) => `${(bytes / 2 ** 20).toFixed(1)} MiB`
      console.log(
        `${Math.round((Date.now() - begun) / 1000)} s: heap ${mega(heapUsed)}, rss ${mega(rss)}, ${live} live, ${remembered} remembered, ${JSON.stringify(counts)}`,
      )
    }
  }

  const life = async (number) => {
    await sleep(random() * 3_000)
    while (going()) await liveOnce(`user-${number}`)
  }
  const tolerated = (work) => work().catch((error) => console.log(`! ${error.message}`))
  await Promise.all([
    watch(),
    tolerated(misbehave),
    ...Array.from({ length: users }, (_, number) => life(number)),
  ])

  crashed = false
  const said = once(child, 'message')
  child.send('close')
  const [{ live }] = await said
  const ended = await Promise.race([exited, sleep(10_000)])
  await agent.close()
  const problems = []
  if (live > 0) problems.push(`${live} sessions are left after the close`)
  if (!ended) {
    problems.push('the process of the emulator did not end by itself: a handle is left')
    child.kill('SIGKILL')
  }
  const third = Math.floor(heap.length / 3)
  const [middle, last] = [median(heap.slice(third, 2 * third)), median(heap.slice(2 * third))]
  if (last > middle * 1.15) {
    problems.push(`the heap grew by ${Math.round((last / middle - 1) * 100)} %`)
  }
  for (const problem of problems) console.error(`✗ ${problem}`)
  if (problems.length === 0) {
    console.log(
      `✓ ${minutes} min, ${users} at a time, ${counts.created} sessions: heap of the last third ${(last / middle).toFixed(3)} × that of the second, nothing left`,
    )
  }
  process.exitCode = problems.length > 0 ? 1 : 0
}

function median(values) {
  return [...values].sort((a, b) => a - b)[Math.floor(values.length / 2)] ?? Number.NaN
}

function mulberry32(seed) {
  let state = seed
  return () => {
    state = (state + 0x6d2b79f5) | 0
    let mixed = Math.imul(state ^ (state >>> 15), 1 | state)
    mixed = (mixed + Math.imul(mixed ^ (mixed >>> 7), 61 | mixed)) ^ mixed
    return ((mixed ^ (mixed >>> 14)) >>> 0) / 4294967296
  }
}
