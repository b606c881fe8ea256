import { describe, expect, it, vi } from 'vitest'
import { createScriptedTransport, type ScriptOptions } from '../testing/scripted-transport'
import { createVirtualClock } from '../testing/virtual-clock'
import type { Transport } from '../transport/transport'
import { type DiagnoseOptions, diagnose } from './diagnose'
import { report } from './report'

const secret = 's3cret-token'
const clock = createVirtualClock()

/** Runs diagnose against a gateway that sends this Date. Returns the findings by check. */
async function examine(
  script: ScriptOptions['script'] = {},
  options: DiagnoseOptions & { readonly date?: string } = {},
) {
  const scripted = createScriptedTransport({ script })
  const transport: Transport = {
    async send(request, sendOptions) {
      const response = await scripted.send(request, sendOptions)
      return { ...response, headers: { date: options.date ?? new Date(clock.now()).toUTCString() } }
    },
    close: () => scripted.close(),
  }
  const diagnosis = await diagnose({
    ...{ appKey: 'k', accessToken: secret, clock, transport },
    ...options,
  })
  const text = report(diagnosis)
  expect(text).not.toContain(secret)
  const found = Object.fromEntries(diagnosis.findings.map((finding) => [finding.check, finding]))
  return { ...diagnosis, found, text, calls: scripted.endpoints() }
}

const later = (ms: number) => new Date(clock.now() + ms).toUTCString()

describe('C16: diagnose', () => {
  it('reports no problem for a working setup and changes nothing', async () => {
    const { healthy, findings, text, calls } = await examine()
    expect(healthy).toBe(true)
    expect(findings.map(({ check, state }) => `${check} ${state}`)).toEqual([
      'options ok',
      'credentials ok',
      'gateway ok',
      'clock ok',
      'key pair ok',
    ])
    expect(text).toContain('✓ key pair    accepted; 0 sessions are open')
    expect(text).toMatch(/Nothing stands in the way\.$/)
    expect(calls).toEqual(['listsessionofuin'])
  })

  it('names a wrong option and makes no further checks', async () => {
    const { healthy, findings, text, calls } = await examine({}, { baseUrl: 'gateway.example' })
    expect(healthy).toBe(false)
    expect(findings).toHaveLength(1)
    expect(text).toContain('✗ options')
    expect(text).toContain('→ For example http://127.0.0.1:8080.')
    expect(calls).toEqual([])
  })

  it('names the variable of a missing credential and still checks gateway and clock', async () => {
    const { found, text } = await examine({}, { accessToken: '' })
    expect(text).toContain('accessToken is missing.')
    expect(found.credentials?.hint).toContain('IVH_ACCESS_TOKEN')
    expect(found.gateway?.state).toBe('ok')
    expect(found.clock?.state).toBe('ok')
    expect(found['key pair']?.state).toBe('unknown')
  })

  it('distinguishes a refused key pair from other errors', async () => {
    const refused = await examine({ listsessionofuin: () => ({ code: 100005 }) })
    expect(refused.found.gateway?.state).toBe('ok')
    expect(refused.found['key pair']).toMatchObject({ state: 'problem' })
    expect(refused.found['key pair']?.hint).toMatch(/console.*other region/)
    for (const status of [401, 403]) {
      const raw = { status, body: '<html>' }
      const { found } = await examine({ listsessionofuin: () => ({ raw }) })
      expect(found['key pair']?.detail).toContain('were refused')
      expect(found.gateway?.state).toBe('ok')
    }
    const busy = await examine({ listsessionofuin: () => ({ code: 100000, message: 'oh' }) })
    expect(busy.found['key pair']?.detail).toContain('100000')
    expect(busy.found['key pair']?.hint).toContain('backoff')
  })

  it('reports a gateway that does not respond and one that sends an HTML page', async () => {
    const fail = Object.assign(new Error('getaddrinfo ENOTFOUND gw'), { code: 'ENOTFOUND' })
    const unreachable = await examine({ listsessionofuin: () => ({ fail }) })
    expect(unreachable.found.gateway).toMatchObject({ state: 'problem' })
    expect(unreachable.found.gateway?.detail).toContain('ENOTFOUND')
    expect(unreachable.found.clock?.state).toBe('unknown')
    expect(unreachable.found['key pair']?.detail).toContain('does not answer')
    const raw = { status: 200, body: '<html>' }
    const page = await examine({ listsessionofuin: () => ({ raw }) })
    expect(page.found.gateway?.detail).toContain('not JSON')
    expect(page.found['key pair']).toMatchObject({ state: 'unknown' })
  })

  it.each([
    [20_000, 'ok', 'agrees'],
    [45_000, 'note', '45 s behind the gateway’s: signatures are still taken'],
    [-3_600_000, 'problem', '3600 s ahead of the gateway’s: too far'],
  ])('checks a clock that is %i ms off', async (ms, state, detail) => {
    const { found, healthy, text } = await examine({}, { date: later(ms) })
    expect(found.clock).toMatchObject({ state, detail: expect.stringContaining(detail) })
    if (state !== 'ok') expect(found.clock?.hint).toContain('NTP')
    expect(healthy).toBe(state !== 'problem')
    if (state !== 'note') return
    expect(text).toMatch(/^! clock .*\n.*→ Set the clock/m)
    expect(text).toMatch(/Nothing stands in the way\.$/)
  })

  it('reports a clock problem, and no key-pair problem, when the clock is wrong', async () => {
    const { found } = await examine(
      { listsessionofuin: ({ count }) => (count === 1 ? { code: 100005 } : undefined) },
      { date: later(3_600_000) },
    )
    expect(found.clock?.state).toBe('problem')
    expect(found['key pair']?.state).toBe('ok')
  })

  it('reports an unknown clock when the gateway sends no valid Date', async () => {
    const { healthy, found } = await examine({}, { date: 'yesterday' })
    expect(found.clock?.state).toBe('unknown')
    expect(healthy).toBe(true)
  })

  it('checks the project and the asset after the key pair is accepted', async () => {
    const transport = createScriptedTransport()
    const about = { virtualmanProjectId: 'p1', assetVirtualmanKey: 'a1' }
    const send: Transport['send'] = async (request, sendOptions) =>
      request.path.includes('projectid')
        ? { status: 200, body: '{"Header":{"Code":100005,"Message":"not yours"}}' }
        : transport.send(request, sendOptions)
    const { findings } = await diagnose({
      ...{ appKey: 'k', accessToken: secret, clock, ...about },
      transport: { ...transport, send },
    })
    expect(findings.slice(-2)).toMatchObject([
      { check: 'project', state: 'problem', detail: expect.stringContaining('not yours') },
      { check: 'asset', state: 'ok' },
    ])
    const { found } = await examine({ listsessionofuin: () => ({ code: 100005 }) }, about)
    expect(found.project?.state).toBe('unknown')
    expect(found.asset?.state).toBe('unknown')
  })

  it('does not close a transport that the caller passed', async () => {
    const close = vi.fn(async () => {})
    const transport = { ...createScriptedTransport(), close }
    await diagnose({ appKey: 'k', accessToken: 't', clock, transport })
    expect(close).not.toHaveBeenCalled()
  })
})
