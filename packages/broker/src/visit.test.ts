import { describe, expect, it } from 'vitest'
import { accessToken, setUpBroker, until } from './testing/set-up-broker'

describe('the page', () => {
  it('that never listens loses its session after graceMs', async () => {
    const { open, cloud, time } = setUpBroker({ graceMs: 10_000 })
    const visit = await open()
    await visit.reaches('ready')
    await time.tickAsync(9_999)
    expect(cloud.live).toHaveLength(1)
    await time.tickAsync(1)
    await visit.reaches('closed')
    expect(cloud.live).toEqual([])
    expect(await visit.state()).toMatchObject({
      problem: { reason: 'left', message: 'The page went away.' },
    })
  })

  it('that listens keeps it', async () => {
    const { open, cloud, time } = setUpBroker({ graceMs: 10_000 })
    const visit = await open()
    const page = await visit.follow()
    await visit.reaches('ready')
    await time.tickAsync(60_000)
    expect(cloud.live).toHaveLength(1)
    await page.leave()
    await time.tickAsync(9_999)
    expect(cloud.live).toHaveLength(1)
    await time.tickAsync(1)
    await visit.reaches('closed')
  })

  it('that comes back within the grace keeps it, and is told the present state', async () => {
    const { open, cloud, time } = setUpBroker({ graceMs: 10_000 })
    const visit = await open()
    await visit.reaches('ready')
    await (await visit.follow()).leave()
    await time.tickAsync(9_000)
    const again = await visit.follow()
    await until(() => again.last?.state === 'ready')
    expect(again.last?.playback).toEqual({ webrtc: 'webrtc://play.test/live/m1' })
    await time.tickAsync(60_000)
    expect(cloud.live).toHaveLength(1)
  })

  it('in two tabs counts as gone when both are', async () => {
    const { open, cloud, time } = setUpBroker({ graceMs: 10_000 })
    const visit = await open()
    await visit.reaches('ready')
    const pages = [await visit.follow(), await visit.follow()]
    await pages[0]?.leave()
    await time.tickAsync(30_000)
    expect(cloud.live).toHaveLength(1)
    await pages[1]?.leave()
    await time.tickAsync(10_000)
    await visit.reaches('closed')
  })

  it('that leaves while the session is being prepared stops it', async () => {
    const { open, cloud, ivh, time } = setUpBroker({ graceMs: 10_000 })
    cloud.firstStatus = 3
    const visit = await open()
    await visit.reaches('preparing')
    await time.tickAsync(10_000)
    await visit.reaches('closed')
    await ivh.sessions.closeAll()
    expect(cloud.live).toEqual([])
    expect(cloud.count('startsession')).toBe(0)
  })
})

describe('a close while opening', () => {
  it('during create closes what the create brings', async () => {
    const { open, cloud, ivh } = setUpBroker()
    let answer = () => {}
    cloud.override.set('createsessionbyasset', () => {
      return new Promise((resolve) => {
        answer = () => resolve(cloud.create())
      })
    })
    const visit = await open()
    await until(() => cloud.count('createsessionbyasset') === 1)
    expect((await visit.close()).status).toBe(204)
    expect(await visit.state()).toMatchObject({ state: 'closed' })
    answer()
    await ivh.sessions.closeAll()
    expect(cloud.sessions.size).toBe(1)
    expect(cloud.live).toEqual([])
  })

  it('waits for an application that does not heed the signal, and closes its session', async () => {
    const cloudOf = setUpBroker()
    let finish = () => {}
    const { open } = setUpBroker({
      open: async () => {
        await new Promise<void>((resolve) => {
          finish = resolve
        })
        return cloudOf.ivh.sessions.open({
          assetVirtualmanKey: 'a',
          userId: 'u',
          protocol: 'webrtc',
        })
      },
    })
    const visit = await open()
    const closing = visit.close()
    await until(async () => (await visit.state()).state === 'closing')
    finish()
    expect((await closing).status).toBe(204)
    expect(cloudOf.cloud.sessions.size).toBe(1)
    expect(cloudOf.cloud.live).toEqual([])
  })
})

describe('the time limit', () => {
  it('closes whatever the visitor does', async () => {
    const { open, cloud, time } = setUpBroker({ maxDurationMs: 600_000 })
    const visit = await open()
    const page = await visit.follow()
    await visit.reaches('ready')
    await time.tickAsync(599_999)
    expect(cloud.live).toHaveLength(1)
    await time.tickAsync(1)
    await until(() => page.ended)
    expect(page.last).toMatchObject({
      state: 'closed',
      problem: { reason: 'time-limit', hint: 'Start a new one.' },
    })
    expect(page.last).not.toHaveProperty('playback')
    expect(cloud.live).toEqual([])
  })
})

describe('the watch', () => {
  const ready = async () => {
    const broker = setUpBroker({ watchIntervalMs: 10_000 })
    const visit = await broker.open()
    const page = await visit.follow()
    await visit.reaches('ready')
    return { ...broker, visit, page }
  }

  it.each([
    [2, 'idle', /idle/],
    [5, 'replaced', /same UserId/],
    [4, 'closed-by-service', /: the service restarted/],
  ])('tells the page that the service closed it, CloseType %i', async (closeType, reason, text) => {
    const { cloud, page, time } = await ready()
    cloud.sessions.set('m1', { status: 2, closeType, message: 'the service restarted' })
    await time.tickAsync(10_000)
    await until(() => page.ended)
    expect(page.last).toMatchObject({ state: 'closed', problem: { reason } })
    expect(page.last?.problem?.message).toMatch(text)
  })

  it('takes a session that is not known any more for closed', async () => {
    const { cloud, page, time } = await ready()
    cloud.sessions.clear()
    await time.tickAsync(10_000)
    await until(() => page.ended)
    expect(page.last).toMatchObject({ state: 'closed', problem: { reason: 'api', code: 110018 } })
  })

  it('goes on after a look that failed', async () => {
    const { cloud, page, time, log } = await ready()
    cloud.override.set('statsession', () => ({ Code: 100000 }))
    await time.tickAsync(10_000)
    await until(() => log.length > 0)
    expect(log[0]).toContain('Looking at session')
    expect(page.last?.state).toBe('ready')
    cloud.override.clear()
    await until(() => time.countTimers() >= 3)
    cloud.sessions.set('m1', { status: 2, closeType: 2 })
    await time.tickAsync(10_000)
    await until(() => page.ended)
    expect(page.last).toMatchObject({ state: 'closed', problem: { reason: 'idle' } })
  })

  it('ends with the session', async () => {
    const { visit, cloud, time } = await ready()
    await visit.close()
    await time.tickAsync(50_000)
    expect(cloud.count('statsession')).toBe(0)
  })
})

describe('a session that cannot be opened', () => {
  it('fails with the vendor’s code and what to do', async () => {
    const { open, cloud } = setUpBroker()
    cloud.override.set('createsessionbyasset', () => ({ Code: 100008, Message: 'LimitExceeded' }))
    const visit = await open()
    const page = await visit.follow()
    await until(() => page.ended)
    expect(page.last).toMatchObject({
      state: 'failed',
      problem: { reason: 'busy', code: 100008, requestId: 'trace-1', hint: expect.any(String) },
    })
  })

  it('fails on the page without secrets, and in the log without the access token', async () => {
    const { open, log } = setUpBroker({
      open: () => Promise.reject(new Error(`hunter2: accesstoken=${accessToken}`)),
    })
    const visit = await open()
    await visit.reaches('failed')
    expect(JSON.stringify(await visit.state())).not.toContain('hunter2')
    expect(log.join()).toContain('hunter2')
    expect(log.join()).not.toContain(accessToken)
  })

  it('because open throws at once fails like one that rejects', async () => {
    const { open } = setUpBroker({
      open: () => {
        throw new Error('at once')
      },
    })
    const visit = await open()
    expect(await visit.state()).toMatchObject({ state: 'failed', problem: { reason: 'internal' } })
  })

  it('because its addresses cannot be signed is closed again', async () => {
    const signer = {
      name: 'broken-signer',
      onOpen: () => ({
        playback: () => {
          throw new Error('no play key')
        },
      }),
    }
    const { open, cloud, log } = setUpBroker({}, [signer])
    const visit = await open()
    const page = await visit.follow()
    await until(() => page.ended)
    expect(page.last).toMatchObject({
      state: 'closed',
      problem: { message: 'A fault on this server stopped the session.' },
    })
    expect(cloud.sessions.size).toBe(1)
    expect(cloud.live).toEqual([])
    expect(log.join()).toContain('no play key')
  })
})
