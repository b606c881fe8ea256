import { execFile } from 'node:child_process'
import { promisify } from 'node:util'
import type { IvhPlayerElement } from '@ivh-kit/player'
import type { Page } from 'playwright-core'
import { afterAll, afterEach, beforeAll, describe, expect, it } from 'vitest'
import { eventually } from '../browser/eventually'
import { framesOf, openPlayer, stateOf } from './player-page'
import { openStage, type Publisher, type Stage } from './stage'

describe('the element', () => {
  let stage: Stage
  let publisher: Publisher
  let page: Page

  beforeAll(async () => {
    stage = await openStage({ autoplay: 'allow' })
    publisher = await stage.publish('m1')
  })
  afterEach(() => page?.close())
  afterAll(async () => {
    await publisher?.stop()
    await stage?.close()
  })

  const open = async (html: string) => {
    page = await openPlayer(stage.browser, stage.site, html)
  }
  const openPlaying = async () => {
    await open(`<ivh-player src="${stage.origin.play('m1')}" autoplay></ivh-player>`)
    await eventually(() => stateOf(page)).toBe('playing')
  }

  it('closes the connection when src is removed and plays again when src returns', async () => {
    await openPlaying()
    expect(stage.viewers('m1')).toBe(1)
    await page.locator('ivh-player').evaluate((player) => player.removeAttribute('src'))
    await eventually(() => stateOf(page)).toBe('idle')
    await eventually(() => stage.viewers('m1')).toBe(0)

    await page
      .locator('ivh-player')
      .evaluate((player, src) => player.setAttribute('src', src), stage.origin.play('m1'))
    await eventually(() => stateOf(page)).toBe('playing')
    expect(stage.viewers('m1')).toBe(1)
  })

  it('closes a connection that carries no data', async () => {
    await open(`<ivh-player src="${stage.site.silentStream}" autoplay></ivh-player>`)
    await eventually(() => stage.site.silentViewers).toBe(1)
    await page.locator('ivh-player').evaluate((player) => player.setAttribute('src', ''))
    await eventually(() => stage.site.silentViewers).toBe(0)
    expect(await stateOf(page)).toBe('idle')
  })

  it('keeps its connection when it moves in the document', async () => {
    await openPlaying()
    await page.evaluate(() => {
      window.playerEvents.length = 0
      const player = document.querySelector('ivh-player')
      const elsewhere = document.createElement('main')
      document.body.append(elsewhere)
      if (player) elsewhere.append(player)
    })
    const before = await framesOf(page)
    await eventually(() => framesOf(page)).toBeGreaterThan(before + 10)
    expect(await stateOf(page)).toBe('playing')
    expect(await page.evaluate(() => window.playerEvents)).toEqual([])
    expect(stage.viewers('m1')).toBe(1)
  })

  it('closes the connection when it is removed and plays again when it returns', async () => {
    await openPlaying()
    await page.evaluate(() => {
      const player = document.querySelector('ivh-player')
      player?.remove()
      Object.assign(window, { player })
    })
    await eventually(() => stage.viewers('m1')).toBe(0)
    await page.evaluate(() => {
      if ('player' in window && window.player instanceof Element) {
        document.body.append(window.player)
      }
    })
    await eventually(() => stateOf(page)).toBe('playing')
  })

  it('leaves no instance and no listener after its removal', async () => {
    await openPlaying()
    const devtools = await page.context().newCDPSession(page)
    const evaluate = async (expression: string) => {
      const { result } = await devtools.send('Runtime.evaluate', { expression })
      if (!result.objectId) throw new Error(`${expression} is not an object`)
      return result.objectId
    }
    const listeners = async () => {
      const targets = await Promise.all([evaluate('window'), evaluate('document')])
      const found = await Promise.all(
        targets.map((objectId) => devtools.send('DOMDebugger.getEventListeners', { objectId })),
      )
      return found.flatMap((one) => one.listeners.map(({ type }) => type)).sort()
    }
    const inMemory = async () => {
      await devtools.send('HeapProfiler.collectGarbage')
      return page.evaluate(
        () => 'player' in window && window.player instanceof WeakRef && !!window.player.deref(),
      )
    }

    expect(await listeners()).toEqual(expect.arrayContaining(['online', 'visibilitychange']))
    await page.evaluate(() => {
      const player = document.querySelector('ivh-player')
      if (player) Object.assign(window, { player: new WeakRef(player) })
    })
    expect(await inMemory()).toBe(true)
    await page.evaluate(() => document.querySelector('ivh-player')?.remove())
    await eventually(listeners).not.toContain('online')
    expect(await listeners()).not.toContain('visibilitychange')
    await eventually(inMemory).toBe(false)
  })

  it('takes over properties that were set before it was defined', async () => {
    const src = stage.origin.play('m1')
    const complaints: string[] = []
    page = await openPlayer(stage.browser, stage.site, '<ivh-player autoplay></ivh-player>', {
      script: false,
      complaints,
    })
    await page.locator('ivh-player').evaluate((player, address) => {
      Object.assign(player, {
        src: address,
        latency: 0.5,
        reconnect: 3,
        labels: { unmute: 'Sound!' },
        urlProvider: () => address,
      })
    }, src)
    await page.evaluate("import('/player/ivh-player.js')")
    await eventually(() => stateOf(page)).toBe('playing')
    const upgraded = await page.locator('ivh-player').evaluate((player: IvhPlayerElement) => ({
      own: Object.getOwnPropertyNames(player),
      src: player.getAttribute('src'),
      latency: player.getAttribute('latency'),
      reconnect: player.reconnect,
      labels: player.labels,
      urlProvider: typeof player.urlProvider,
    }))
    expect(upgraded).toMatchObject({
      src,
      latency: '0.5',
      reconnect: 3,
      labels: { unmute: 'Sound!' },
      urlProvider: 'function',
    })
    for (const name of ['src', 'latency', 'reconnect', 'labels', 'urlProvider']) {
      expect(upgraded.own).not.toContain(name)
    }
    expect(complaints).toEqual([])
  })

  it('can be loaded twice', async () => {
    await openPlaying()
    await page.evaluate("import('/player/ivh-player.js?again')")
    expect(await stateOf(page)).toBe('playing')
  })

  it('downloads nothing before play()', async () => {
    await open(`<ivh-player src="${stage.origin.play('m1')}"></ivh-player>`)
    await eventually(() => stateOf(page)).toBe('paused')
    expect(
      await page.evaluate(() => performance.getEntriesByType('resource').map((one) => one.name)),
    ).not.toContainEqual(expect.stringContaining('engine'))
    const played = page.locator('ivh-player').evaluate((player: IvhPlayerElement) => player.play())
    await eventually(() => stateOf(page)).toBe('playing')
    await played
    await page.locator('ivh-player').evaluate((player: IvhPlayerElement) => player.pause())
    expect(await stateOf(page)).toBe('paused')
    const rejected = await page.locator('ivh-player').evaluate(async (player: IvhPlayerElement) => {
      player.load()
      const playing = player.play().catch((cause: Error) => cause.name)
      player.pause()
      return playing
    })
    expect(rejected).toBe('AbortError')
  })

  it('can be imported on a server', async () => {
    await open('')
    for (const file of ['index.js', 'ivh-player.js']) {
      const script = `
        const { createRequire } = await import('node:module')
        const { dirname, join } = await import('node:path')
        const { pathToFileURL } = await import('node:url')
        const root = dirname(createRequire(${JSON.stringify(import.meta.url)}).resolve('@ivh-kit/player/package.json'))
        const player = await import(pathToFileURL(join(root, 'dist', ${JSON.stringify(file)})))
        console.log(typeof player.IvhPlayerElement, typeof globalThis.customElements)`
      const { stdout } = await promisify(execFile)(process.execPath, [
        '--input-type=module',
        '-e',
        script,
      ])
      expect(stdout.trim()).toBe('function undefined')
    }
  })
})
