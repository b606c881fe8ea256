import { describe, expect, it } from 'vitest'
import type { Message } from '../options'
import { setUpBroker } from '../testing/set-up-broker'

async function setUp(onMessage?: (message: Message) => unknown) {
  const broker = await setUpBroker(onMessage ? { onMessage } : {})
  const post = (visit: { id: string; headers: Record<string, string> }, body = '{"text":"Hi"}') =>
    broker.send(`/sessions/${visit.id}/messages`, { method: 'POST', headers: visit.headers, body })
  return { ...broker, post }
}

describe('POST /sessions/:id/messages', () => {
  it('passes the message and the visitor’s own session to the application', async () => {
    const seen: unknown[] = []
    const { open, post } = await setUp(async ({ body, visitorId, session, request }) => {
      seen.push({ body, visitorId, id: session.id, language: request.headers.get('x-language') })
    })
    const visit = await open()
    await visit.reaches('ready')
    const { sessionId } = await visit.state()
    const response = await post({ ...visit, headers: { ...visit.headers, 'x-language': 'de' } })
    expect(response.status).toBe(204)
    expect(response.headers.get('cache-control')).toBe('no-store')
    expect(seen).toEqual([
      { body: { text: 'Hi' }, visitorId: visit.id, id: sessionId, language: 'de' },
    ])
  })

  it('answers with the application’s response', async () => {
    const { open, post } = await setUp(() => Response.json({ accepted: true }, { status: 202 }))
    const visit = await open()
    await visit.reaches('ready')
    const response = await post(visit)
    expect([response.status, await response.json()]).toEqual([202, { accepted: true }])
  })

  it('answers 204 when the application returns something else, such as a speech handle', async () => {
    const { open, post } = await setUp(({ session }) => session.say('Hi'))
    const visit = await open()
    await visit.reaches('ready')
    expect((await post(visit)).status).toBe(204)
    await visit.close()
  })

  it('answers 500 and logs when the application returns the same response twice', async () => {
    const same = Response.json({})
    const { open, post, log } = await setUp(() => same)
    const visit = await open()
    await visit.reaches('ready')
    await (await post(visit)).text()
    expect((await post(visit)).status).toBe(500)
    expect(log.at(-1)).toContain('Create a new one each time')
  })

  it('answers 429 while eight messages of the visit are being handled', async () => {
    let finish = () => {}
    const held = new Promise<void>((resolve) => {
      finish = resolve
    })
    const { open, post } = await setUp(() => held)
    const visit = await open()
    await visit.reaches('ready')
    const first = Array.from({ length: 8 }, () => post(visit))
    const ninth = await post(visit)
    expect([ninth.status, ninth.headers.get('retry-after')]).toEqual([429, '1'])
    finish()
    expect(new Set((await Promise.all(first)).map(({ status }) => status))).toEqual(new Set([204]))
    expect((await post(visit)).status).toBe(204)
  })

  it('answers 409 before the session is ready and after its end', async () => {
    let calls = 0
    const { open, post } = await setUp(() => {
      calls += 1
      return undefined
    })
    const visit = await open()
    const early = await post(visit)
    expect([early.status, await early.json()]).toMatchObject([
      409,
      { problem: { reason: 'not-ready' } },
    ])
    await visit.reaches('ready')
    await visit.close()
    expect((await post(visit)).status).toBe(409)
    expect(calls).toBe(0)
  })

  it('needs the ticket of its own session', async () => {
    const { open, post } = await setUp(() => undefined)
    const [mine, theirs] = [await open(), await open()]
    await mine.reaches('ready')
    expect((await post({ id: mine.id, headers: theirs.headers })).status).toBe(404)
    expect((await post({ id: mine.id, headers: {} })).status).toBe(404)
  })

  it.each([
    ['[1]', 400],
    ['{', 400],
    [`{"a":"${'x'.repeat(17_000)}"}`, 413],
  ])('rejects the body %.8s', async (body, status) => {
    const { open, post } = await setUp(() => undefined)
    const visit = await open()
    await visit.reaches('ready')
    expect((await post(visit, body)).status).toBe(status)
  })

  it('accepts only POST and does not exist without onMessage', async () => {
    const { open, send } = await setUp(() => undefined)
    const visit = await open()
    const got = await send(`/sessions/${visit.id}/messages`, { headers: visit.headers })
    expect([got.status, got.headers.get('allow')]).toEqual([405, 'POST'])
    const withoutOnMessage = await setUp()
    const other = await withoutOnMessage.open()
    await other.reaches('ready')
    expect((await withoutOnMessage.post(other)).status).toBe(404)
  })

  it('answers 500 without details when onMessage throws', async () => {
    const { open, post, log } = await setUp(() => {
      throw new Error('the model is down')
    })
    const visit = await open()
    await visit.reaches('ready')
    const response = await post(visit)
    expect(response.status).toBe(500)
    expect(await response.text()).not.toContain('model')
    expect(log.join()).toContain('the model is down')
  })
})
