import { expect, it } from 'vitest'
import { setUpAccount } from '../testing/account'

it('escapes control characters of a caller’s input', async () => {
  const lines: string[] = []
  const note = (line: string) => void lines.push(line)
  const { create, gateway } = setUpAccount({ logger: { info: note, warn: note } })
  await create({ UserId: 'a\u001b[2J\r\nready: http://evil.test\u009b1m\u2028' })
  const text = 'created for UserId a\\u001b[2J\\u000d\\u000aready: http://evil.test\\u009b1m\\u2028'
  expect(gateway.events[0]?.text).toBe(text)
  expect(lines).toEqual([`${gateway.sessions[0]?.sessionId} ${text}`])
})

it('cuts and marks a long text', async () => {
  const { create, gateway } = setUpAccount()
  await create({ UserId: 'u'.repeat(1_024) })
  expect(gateway.events[0]?.text).toMatch(/^created for UserId u+… \[cut, 1043 characters\]$/)
})
