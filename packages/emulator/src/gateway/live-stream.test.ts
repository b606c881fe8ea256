import { afterEach, describe, expect, it, vi } from 'vitest'
import { setUpAccount } from '../testing/account'

afterEach(() => void vi.useRealTimers())

/** One event of the stream: its name and its data. */
type Told = readonly [name: string, data: { text?: string; sessions?: readonly object[] }]

async function setUp(account = setUpAccount()) {
  vi.useFakeTimers({ toFake: ['setTimeout'] })
  const leaving = new AbortController()
  const request = new Request('http://emulator.test/__emulator/stream', { signal: leaving.signal })
  const reader = (await account.gateway.fetch(request)).body?.getReader()
  if (!reader) throw new Error('there is no stream')
  const told: Told[] = []
  const read = async () => {
    for (;;) {
      const { done, value } = await reader.read()
      if (done) return
      for (const part of new TextDecoder().decode(value).split('\n\n').filter(Boolean)) {
        const [, name = '', data = 'null'] = /event: (.*)\ndata: (.*)/.exec(part) ?? []
        told.push([name, JSON.parse(data)])
      }
    }
  }
  void read()
  /** Returns the events of the next second. */
  const next = async () => {
    await vi.advanceTimersByTimeAsync(1_000)
    return told.splice(0)
  }
  return { ...account, next, leave: () => reader.cancel() }
}

describe('/__emulator/stream', () => {
  it('sends the state only after a change', async () => {
    const { next, create, call, leave } = await setUp()
    expect((await next()).map(([name]) => name)).toEqual(['state'])
    expect(await next()).toEqual([])
    const { SessionId } = (await create()).Payload
    const told = await next()
    expect(told.map(([name]) => name).sort()).toEqual(['call', 'event', 'state'])
    expect(await next()).toEqual([])
    await call('statSession', { SessionId })
    expect((await next()).map(([name]) => name)).toEqual(['state', 'call'])
    await leave()
  })

  it('sends a planned fault', async () => {
    const { next, gateway, leave } = await setUp()
    await next()
    gateway.faults.plan([{ code: 100000 }])
    expect(await next()).toMatchObject([['state', { faults: [{ code: 100000 }] }]])
    await leave()
  })

  it('sends the last 300 sessions, newest first', async () => {
    const account = setUpAccount({ concurrency: 1_000, prepareMs: 0 })
    for (let user = 0; user < 301; user++) await account.create({ UserId: `u${user}` })
    const { next, leave } = await setUp(account)
    const told = await next()
    const sessions = told.flatMap(([, { sessions = [] }]) => sessions)
    expect(sessions).toHaveLength(300)
    expect(sessions).toMatchObject(
      Array.from({ length: 300 }, (_, index) => ({ userId: `u${300 - index}` })),
    )
    await leave()
  })

  it('starts with the last events other than speech', async () => {
    const account = setUpAccount({ textSpacingMs: 0 })
    const SessionId = await account.open()
    for (let text = 0; text < 120; text++) {
      await account.say(SessionId)
      await account.time.tickAsync(1_000)
    }
    const { next, leave } = await setUp(account)
    const texts = (await next()).filter(([name]) => name === 'event').map(([, { text }]) => text)
    expect(texts).toEqual(['created for UserId kiosk-1', 'ready', 'started'])
    await leave()
  })
})
