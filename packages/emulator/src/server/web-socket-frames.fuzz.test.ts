import fc from 'fast-check'
import { expect, it } from 'vitest'
import { id, setUpChannel } from '../testing/channel'
import { fuzzed, fuzzTimeoutMs } from '../testing/fuzz'

const text = fc.oneof(
  fc.string({ unit: 'binary', maxLength: 100 }),
  fc.constantFrom('', 'A. B! ', '<speak>'),
)
const data = fc.oneof(
  fc.jsonValue(),
  fc.record(
    {
      Text: fc.oneof(text, fc.jsonValue()),
      Audio: fc.oneof(fc.base64String({ maxLength: 7_000 }), text),
      Seq: fc.oneof(fc.integer({ min: -1, max: 6 }), fc.double()),
      IsFinal: fc.boolean(),
      Interrupt: fc.boolean(),
      IsSentence: fc.boolean(),
      IsInsertSentence: fc.boolean(),
    },
    { requiredKeys: [] },
  ),
)
const command = fc.record({
  Command: fc.oneof(
    fc.constantFrom('SEND_TEXT', 'SEND_STREAMTEXT', 'SEND_AUDIO', 'SEND_HEARTBEAT'),
    fc.string(),
  ),
  ReqId: fc.oneof(fc.integer({ min: 0, max: 4 }).map(id), fc.string()),
  Data: data,
})
const step = fc.oneof(
  { weight: 6, arbitrary: command.map((over) => ({ kind: 'command' as const, over })) },
  {
    weight: 1,
    arbitrary: fc
      .oneof(
        fc.string({ unit: 'binary' }),
        fc.json(),
        fc.nat(3_000).map((depth) => '['.repeat(depth)),
      )
      .map((raw) => ({ kind: 'raw' as const, raw })),
  },
  { weight: 1, arbitrary: fc.constant({ kind: 'binary' as const }) },
  { weight: 2, arbitrary: fc.nat(4_000).map((ms) => ({ kind: 'time' as const, ms })) },
)

it('any frames keep the channel usable', { timeout: fuzzTimeoutMs }, async () => {
  const cases = fuzzed<[unknown]>(100)
  // One channel receives the frames of all cases, so that they meet every state.
  const { channel, sessionId, gateway, time } = await setUpChannel(
    { textSpacingMs: 100, channelIdleTimeoutMs: 2 ** 31 - 1, idleTimeoutMs: 2 ** 31 - 1 },
    { DriverType: 3 },
  )
  await fc.assert(
    fc.asyncProperty(fc.array(step, { minLength: 1, maxLength: 8 }), async (steps) => {
      for (const one of steps) {
        if (one.kind === 'time') await time.tickAsync(one.ms)
        else if (one.kind === 'binary') channel.raw.receiveBinary()
        else if (one.kind === 'raw') channel.raw.receive(one.raw)
        else {
          const Payload = { SessionId: sessionId, ...one.over }
          channel.raw.receive(JSON.stringify({ Header: {}, Payload }))
        }
      }
      expect(channel.raw.isOpen).toBe(true)
      for (const { code } of channel.errors) {
        expect([100001, 100012, 110015]).toContain(code)
      }
      for (const { Payload } of channel.messages) {
        expect(Payload.SessionId).toBe(sessionId)
        expect([0, 1, 2, 3, 9]).toContain(Payload.Type)
      }
      channel.messages.length = 0
    }),
    cases,
  )
  // Every started command must end, except a stream in sentence mode without its final packet: the service
  // waits for the next sentence without a limit (1240/100399). The longest queue takes two hours.
  const isOver = () =>
    /^(?:Initial|TextOver|AudioOver)$/.test(String(gateway.sessions[0]?.speakStatus))
  await time.tickAsync(7_300_000)
  if (!isOver()) {
    expect(gateway.events.findLast(({ kind }) => kind === 'speech')?.text).toMatch(
      /: SentenceOver$/,
    )
    channel.text(id(9), '', { Interrupt: true })
    await time.tickAsync(1_000)
  }
  expect(gateway.sessions[0]?.speakStatus).toMatch(/^(?:Initial|TextOver|AudioOver)$/)
  await gateway.close()
  expect(time.countTimers()).toBe(0)
})
