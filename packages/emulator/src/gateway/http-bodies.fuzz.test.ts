import fc from 'fast-check'
import { expect, it } from 'vitest'
import { paths, setUpAccount } from '../testing/account'
import { fuzzed, fuzzTimeoutMs } from '../testing/fuzz'

const names = Object.keys(paths) as (keyof typeof paths)[]
const wire = [
  'ReqId',
  'SessionId',
  'UserId',
  'Protocol',
  'DriverType',
  'ProtocolOption',
  'AssetVirtualmanKey',
  'VirtualmanProjectId',
  'SpeechParam',
  'Backgrounds',
  'StreamMaxInterval',
  'Command',
  'Data',
  'Text',
  'Interrupt',
  'SpaceParam',
  'ImageParam',
  'RoomId',
  'TrtcUserSig',
  'CssCustomPushUrl',
  '__proto__',
]
const value = fc.oneof(
  fc.jsonValue(),
  fc.constantFrom('rtmp', 'trtc', 'SEND_TEXT', 1, 3, '0'.repeat(32), '', null, -0, 1e308, '\u0000'),
  fc.string({ unit: 'binary', maxLength: 200 }),
)
const payload = fc.dictionary(fc.constantFrom(...wire), value)
const body = fc.oneof(
  {
    weight: 1,
    arbitrary: fc.string({ unit: 'binary' }).map((text) => new TextEncoder().encode(text)),
  },
  { weight: 1, arbitrary: fc.uint8Array({ maxLength: 300 }).map((bytes) => new Uint8Array(bytes)) },
  { weight: 1, arbitrary: fc.json() },
  { weight: 4, arbitrary: payload.map((Payload) => JSON.stringify({ Header: {}, Payload })) },
  {
    weight: 3,
    arbitrary: payload.map((extra) =>
      JSON.stringify({
        Header: {},
        Payload: {
          ReqId: '0'.repeat(32),
          UserId: 'u',
          AssetVirtualmanKey: 'a',
          Protocol: 'rtmp',
          DriverType: 1,
          ...extra,
        },
      }),
    ),
  },
  { weight: 1, arbitrary: fc.integer({ min: 1, max: 5_000 }).map((depth) => '['.repeat(depth)) },
)

it('answers any body with the envelope and a documented code', {
  timeout: fuzzTimeoutMs,
}, async () => {
  const { post, gateway, time } = setUpAccount({ concurrency: 5 })
  await fc.assert(
    fc.asyncProperty(fc.constantFrom(...names), body, async (name, bytes) => {
      const answer = await post(paths[name], bytes)
      expect(answer.httpStatus).toBe(200)
      expect(Number.isInteger(answer.Code)).toBe(true)
      // 100000 is the code of an internal error.
      expect(answer.Code).not.toBe(100000)
      expect(answer.Payload).toBeTypeOf('object')
      await time.tickAsync(50)
    }),
    fuzzed(400),
  )
  expect(gateway.calls.length).toBeLessThanOrEqual(2_000)
  expect(gateway.events.length).toBeLessThanOrEqual(5_000)
  await gateway.close()
  expect(time.countTimers()).toBe(0)
})
