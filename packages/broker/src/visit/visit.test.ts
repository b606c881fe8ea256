import { defaultCredentials } from '@ivh-kit/emulator'
import { describe, expect, it } from 'vitest'
import { setUpBroker } from '../testing/set-up-broker'
import { until } from '../testing/until'

describe('a visit', () => {
  it('closes the session after graceMs when its page never listens', async () => {
    const { open, openSessions, timers } = await setUpBroker({ graceMs: 10_000 })
    const visit = await open()
    await visit.reaches('ready')
    await timers.tickAsync(9_999)
    expect(openSessions()).toBe(1)
    await timers.tickAsync(1)
    await visit.reaches('closed')
    expect(openSessions()).toBe(0)
    expect(await visit.state()).toMatchObject({
      problem: { reason: 'left', message: 'The page was closed or lost its connection.' },
    })
  })

  it('keeps the session while its page listens', async () => {
    const { open, openSessions, timers } = await setUpBroker({ graceMs: 10_000 })
    const visit = await open()
    const page = await visit.follow()
    await visit.reaches('ready')
    await timers.tickAsync(60_000)
    expect(openSessions()).toBe(1)
    await page.leave()
    await timers.tickAsync(9_999)
    expect(openSessions()).toBe(1)
    await timers.tickAsync(1)
    await visit.reaches('closed')
  })

  it('keeps the session when its page returns within the grace time', async () => {
    const { open, openSessions, emulator, timers } = await setUpBroker({ graceMs: 10_000 })
    const visit = await open()
    await visit.reaches('ready')
    await (await visit.follow()).leave()
    await timers.tickAsync(9_000)
    const again = await visit.follow()
    await until(() => again.last?.state === 'ready')
    expect(again.last?.playback).toEqual({ webrtc: emulator.sessions[0]?.playUrl })
    await timers.tickAsync(60_000)
    expect(openSessions()).toBe(1)
  })

  it('closes the session when the last of two tabs has left', async () => {
    const { open, openSessions, timers } = await setUpBroker({ graceMs: 10_000 })
    const visit = await open()
    await visit.reaches('ready')
    const pages = [await visit.follow(), await visit.follow()]
    await pages[0]?.leave()
    await timers.tickAsync(30_000)
    expect(openSessions()).toBe(1)
    await pages[1]?.leave()
    await timers.tickAsync(10_000)
    await visit.reaches('closed')
  })

  it('closes the session of a page that has gone silent on an open connection', async () => {
    const { open, openSessions, timers } = await setUpBroker({ maxSilenceMs: 60_000 })
    const visit = await open()
    await visit.follow({ silent: true })
    await timers.tickAsync(59_999)
    expect(openSessions()).toBe(1)
    await timers.tickAsync(1)
    await until(() => openSessions() === 0)
    expect(await visit.state()).toMatchObject({ state: 'closed', problem: { reason: 'left' } })
  })

  it('ends when the application closes the session itself', async () => {
    const { open, ivh } = await setUpBroker()
    const visit = await open()
    await visit.reaches('ready')
    await ivh.sessions.list[0]?.close()
    await visit.reaches('closed')
    expect((await visit.close()).status).toBe(204)
  })

  it('speaks to the visitor in Chinese when the browser asks for it', async () => {
    const { open, timers } = await setUpBroker({ graceMs: 10_000 })
    const visit = await open({ headers: { 'accept-language': 'zh-CN,zh;q=0.9,en;q=0.8' } })
    await timers.tickAsync(10_000)
    await visit.reaches('closed')
    expect(await visit.state()).toMatchObject({
      problem: { reason: 'left', message: '页面已关闭或连接已断开。', hint: '请重新开始。' },
    })
  })

  it('closes the session when its page leaves during the preparation', async () => {
    const { open, openSessions, count, ivh, timers } = await setUpBroker({
      graceMs: 10_000,
      prepareMs: 60_000,
    })
    const visit = await open()
    await visit.reaches('preparing')
    await timers.tickAsync(10_000)
    await visit.reaches('closed')
    await ivh.sessions.closeAll()
    expect(openSessions()).toBe(0)
    expect(count('startSession')).toBe(0)
  })

  it('closes the session at the time limit', async () => {
    const { open, openSessions, timers } = await setUpBroker({ maxDurationMs: 500_000 })
    const visit = await open()
    const page = await visit.follow()
    await visit.reaches('ready')
    await timers.tickAsync(499_999)
    expect(openSessions()).toBe(1)
    await timers.tickAsync(1)
    await until(() => page.ended)
    expect(page.last).toMatchObject({
      state: 'closed',
      problem: { reason: 'time-limit', hint: 'Start a new one.' },
    })
    expect(page.last).not.toHaveProperty('playback')
    expect(openSessions()).toBe(0)
  })
})

describe('a close while the session opens', () => {
  it('closes the session that the create brings later', async () => {
    const { open, openSessions, emulator, count, timers } = await setUpBroker()
    emulator.faults.plan([{ on: 'createSessionByAsset', delayMs: 1_000 }])
    const visit = await open()
    await until(() => count('createSessionByAsset') === 1)
    expect((await visit.close()).status).toBe(204)
    expect(await visit.state()).toMatchObject({ state: 'closed' })
    expect(emulator.sessions).toHaveLength(0)
    await timers.tickAsync(1_000)
    await until(() => emulator.sessions.length === 1 && openSessions() === 0)
  })

  it('closes the session of an application that ignores the signal', async () => {
    const other = await setUpBroker()
    let finish = () => {}
    const { open } = await setUpBroker({
      open: async () => {
        await new Promise<void>((resolve) => {
          finish = resolve
        })
        return other.ivh.sessions.open({
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
    expect(other.emulator.sessions).toHaveLength(1)
    expect(other.openSessions()).toBe(0)
  })
})

describe('polling a ready session', () => {
  const setUpReady = async () => {
    const broker = await setUpBroker({ watchIntervalMs: 10_000 })
    const visit = await broker.open()
    const page = await visit.follow()
    await visit.reaches('ready')
    return { ...broker, visit, page }
  }

  it('reports a session that the service closed because it was idle', async () => {
    const { page, timers } = await setUpReady()
    await timers.tickAsync(600_000)
    await timers.tickAsync(10_000)
    await until(() => page.ended)
    expect(page.last).toMatchObject({
      state: 'closed',
      problem: { reason: 'idle' },
    })
  })

  it('reports a session that another one with the same UserId replaced', async () => {
    const { page, timers, ivh, visit } = await setUpReady()
    await ivh.createSessionByAsset({
      AssetVirtualmanKey: 'presenter',
      UserId: visit.id,
      Protocol: 'webrtc',
      DriverType: 1,
    })
    await timers.tickAsync(10_000)
    await until(() => page.ended)
    expect(page.last).toMatchObject({
      state: 'closed',
      problem: { reason: 'replaced' },
    })
  })

  it('reports a session that the service closed for another reason', async () => {
    const { page, timers, emulator } = await setUpReady()
    await emulator.restart({ keepSessions: false })
    await timers.tickAsync(10_000)
    await until(() => page.ended)
    expect(page.last).toMatchObject({
      state: 'closed',
      problem: {
        reason: 'closed-by-service',
      },
    })
  })

  it('reports a session that the service no longer knows', async () => {
    const { page, timers, emulator } = await setUpReady()
    await emulator.reset()
    await timers.tickAsync(10_000)
    await until(() => page.ended)
    expect(page.last).toMatchObject({ state: 'closed', problem: { reason: 'closed-by-service' } })
  })

  it('continues after a failed poll', async () => {
    const { emulator, page, timers, log } = await setUpReady()
    emulator.faults.plan([{ on: 'statSession', code: 100000 }])
    await timers.tickAsync(10_000)
    await until(() => log.length > 0)
    expect(log[0]).toContain('Polling the session')
    expect(page.last?.state).toBe('ready')
    await emulator.restart({ keepSessions: false })
    await timers.tickAsync(10_000)
    await until(() => page.ended)
    expect(page.last).toMatchObject({ state: 'closed', problem: { reason: 'closed-by-service' } })
  })

  it('stops when the session ends', async () => {
    const { visit, count, timers } = await setUpReady()
    await visit.close()
    const before = count('statSession')
    await timers.tickAsync(50_000)
    expect(count('statSession')).toBe(before)
  })
})

describe('a session that does not open', () => {
  it('fails with words for the visitor, and logs the words for the operator', async () => {
    const { open, emulator, log } = await setUpBroker()
    emulator.faults.plan([{ on: 'createSessionByAsset', quotaExhausted: true, times: 100 }])
    const visit = await open()
    const page = await visit.follow()
    await until(() => page.ended)
    expect(page.last).toMatchObject({
      state: 'failed',
      problem: {
        reason: 'busy',
        message: 'All digital humans are in use right now.',
        hint: 'Try again in a moment.',
      },
    })
    expect(log.join()).toMatch(/did not open: .*100008.*RequestID/)
  })

  it('shows no secrets to the page and no access token in the log', async () => {
    const { accessToken } = defaultCredentials
    const { open, log } = await setUpBroker({
      open: () => Promise.reject(new Error(`hunter2: accesstoken=${accessToken}`)),
    })
    const visit = await open()
    await visit.reaches('failed')
    expect(JSON.stringify(await visit.state())).not.toContain('hunter2')
    expect(log.join()).toContain('hunter2')
    expect(log.join()).not.toContain(accessToken)
  })

  it('fails when open throws synchronously', async () => {
    const { open } = await setUpBroker({
      open: () => {
        throw new Error('at once')
      },
    })
    const visit = await open()
    expect(await visit.state()).toMatchObject({ state: 'failed', problem: { reason: 'internal' } })
  })

  it('closes the session when a plugin fails to sign its addresses', async () => {
    const signer = {
      name: 'broken-signer',
      onOpen: () => ({
        playback: () => {
          throw new Error('no play key')
        },
      }),
    }
    const { open, openSessions, emulator, log } = await setUpBroker({ plugins: [signer] })
    const visit = await open()
    const page = await visit.follow()
    await until(() => page.ended)
    expect(page.last).toMatchObject({
      state: 'closed',
      problem: { message: 'An error on this server ended the session.' },
    })
    expect(emulator.sessions).toHaveLength(1)
    expect(openSessions()).toBe(0)
    expect(log.join()).toContain('no play key')
  })
})
