import { describe, expect, it } from 'vitest'
import { createClock } from '../clock'
import { paths, reqId, setUpAccount } from '../testing/account'
import { CallLog } from './call-log'

/** Length close to the maximum of a body, in characters. */
const much = 1_000_000

/** Sends a payload without a signature, and returns the logged call. */
async function logged(payload: object): Promise<Record<string, unknown>> {
  const { post, gateway } = setUpAccount()
  const body = JSON.stringify({ Header: {}, Payload: payload })
  expect(await post(paths.createSessionByAsset, body, '')).toMatchObject({ Code: 100005 })
  return gateway.calls[0]?.payload as Record<string, unknown>
}

describe('a payload in the log', () => {
  it('is cut and marked when it is long', async () => {
    const { ReqId, UserId } = await logged({ ReqId: reqId, UserId: 'u'.repeat(much) })
    expect(ReqId).toBe(reqId)
    expect(UserId).toBe(`${'u'.repeat(4_000)}… [cut, ${much} characters]`)
  })

  it('contains the longest text of a command', async () => {
    const Text = '数'.repeat(4_000)
    expect(await logged({ Data: { Text } })).toEqual({ Data: { Text } })
  })

  it.each([
    ['members', Object.fromEntries(Array.from({ length: 50_000 }, (_, index) => [index, 'x']))],
    ['items', { list: Array.from({ length: 50_000 }, () => 'x') }],
    ['lists', { list: Array.from({ length: 90 }, () => Array.from({ length: 1_000 }, () => 1)) }],
    ['long names', { ['n'.repeat(much)]: 1 }],
    ['long texts', { list: Array.from({ length: 90 }, () => 'x'.repeat(10_000)) }],
  ])('keeps the first of many %s and marks the cut', async (_what, payload) => {
    const shown = JSON.stringify(await logged(payload))
    expect(shown.length).toBeLessThan(12_000)
    expect(shown).toContain('[cut, ')
  })

  it('shows no part of a secret at a cut', async () => {
    const Url = `rtmp://h/${'p'.repeat(3_970)}?txSecret=c0ffee${'0'.repeat(100)}`
    expect(JSON.stringify(await logged({ Url }))).not.toContain('c0ffee')
  })
})

it('the log keeps the last 4,000,000 characters of payloads', () => {
  const log = new CallLog(createClock({ running: false }))
  const Text = 'x'.repeat(4_000)
  for (let call = 0; call < 1_500; call++) log.begin('command', { call, Text }, undefined)
  expect(log.calls.length).toBeGreaterThan(900)
  expect(log.calls.length).toBeLessThan(1_000)
  expect(log.calls.at(-1)?.payload).toEqual({ call: 1_499, Text })
  log.clear()
  expect(log.calls).toEqual([])
})

it('a message quotes only the beginning of a long input', async () => {
  const { open, post, query, gateway } = setUpAccount()
  await open()
  const Payload = { ReqId: reqId, SessionId: 'm'.repeat(much) }
  const body = JSON.stringify({ Header: {}, Payload })
  const { Code, Message } = await post(paths.statSession, body, query())
  expect(Code).toBe(110018)
  expect(Message.length).toBeLessThan(1_200)
  expect(JSON.stringify([gateway.calls, gateway.events]).length).toBeLessThan(20_000)
})
