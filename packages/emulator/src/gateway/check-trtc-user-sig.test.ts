import { deflateSync } from 'node:zlib'
import { describe, expect, it } from 'vitest'
import { setUpAccount } from '../testing/account'
import { externalTrtc, userSigOf } from '../testing/trtc'
import { checkTrtcUserSig } from './check-trtc-user-sig'

/** Published with the package tls-sig-api-v2: user xiaojun, app 1400000000, made at 1700000000 for 180 days. */
const published =
  'eJyrVgrxCdYrSy1SslIy0jNQ0gHzM1NS80oy0zLBwhWZiflZpXlQqeKU7MSCgswUJStDEwMogMiUZOamKlkZmqOKplYUZBaBxE1NTY3gosWZ6UpWSj5ljuYp*p7l5unBxXnF2WVhVU4uAf7Ozi5JpX7O5SbuHuUhzgZJmQXaTia2SrUAohcx8g__'

describe('TrtcUserSig of an external app', () => {
  const create = async (ProtocolOption: object, over: object = {}) =>
    setUpAccount().create({ Protocol: 'trtc', ProtocolOption, ...over })

  it('is taken when it is for the avatar’s user and app, and valid', async () => {
    expect(await create(externalTrtc())).toMatchObject({ Code: 0 })
  })

  it('of the vendor’s own package is taken in its time and refused afterwards', () => {
    const option = { ...externalTrtc(), TrtcAppId: '1400000000', TrtcUserSig: published }
    const create = { UserId: 'xiaojun', Protocol: 'trtc', ProtocolOption: option }
    const end = (1_700_000_000 + 15_552_000) * 1_000
    expect(() => checkTrtcUserSig(create, end - 1)).not.toThrow()
    expect(() => checkTrtcUserSig(create, end)).toThrow('expired 0 s ago')
  })

  it.each([
    ['no base64', { TrtcUserSig: 'not a sig!' }, 'is no UserSig'],
    ['nothing deflated', { TrtcUserSig: 'c2ln' }, 'is no UserSig'],
    ['base64url', { TrtcUserSig: `${userSigOf().replaceAll('*', '+')}=` }, 'is no UserSig'],
    [
      'no JSON',
      { TrtcUserSig: deflateSync('x').toString('base64').replace(/=/g, '_') },
      'is no UserSig',
    ],
    [
      'gigabytes in disguise',
      {
        TrtcUserSig: deflateSync(Buffer.alloc(2 ** 20))
          .toString('base64')
          .replace(/=/g, '_'),
      },
      'is no UserSig',
    ],
    ['another version', externalTrtc({ 'TLS.ver': '1.0' }), 'is no UserSig'],
    ['without a signature', externalTrtc({ 'TLS.sig': '' }), 'is no UserSig'],
    [
      'for another user',
      externalTrtc({ 'TLS.identifier': 'kiosk-2' }),
      'was made for another user',
    ],
    ['for another app', externalTrtc({ 'TLS.sdkappid': 1400000002 }), 'was made for another app'],
    ['that is over', externalTrtc({ 'TLS.expire': 0 }), 'expired 0 s ago'],
  ])('that is %s is refused', async (_what, option, reason) => {
    expect(await create({ ...externalTrtc(), ...option })).toMatchObject({
      Code: 100001,
      Message: expect.stringContaining(`Payload.ProtocolOption.TrtcUserSig ${reason}`),
    })
  })

  it('is not looked at with trtcUserSig accept, nor without the external app', async () => {
    const payload = { Protocol: 'trtc', ProtocolOption: { ...externalTrtc(), TrtcUserSig: 'sig' } }
    expect(await setUpAccount({ trtcUserSig: 'accept' }).create(payload)).toMatchObject({ Code: 0 })
    expect(await create({ TrtcUserSig: 'sig' })).toMatchObject({ Code: 0 })
    expect(await create(payload.ProtocolOption, { Protocol: 'rtmp' })).toMatchObject({ Code: 0 })
  })
})

describe('pushUrlRequired', () => {
  it('refuses a create without CssCustomPushUrl and takes one with it', async () => {
    const { create } = setUpAccount({ pushUrlRequired: true })
    expect(await create()).toMatchObject({
      Code: 100001,
      Message: expect.stringContaining('CssCustomPushUrl is required'),
    })
    const CssCustomPushUrl = `rtmp://push.test/live/m1?txSecret=${'a'.repeat(32)}&txTime=7FFFFFFF`
    expect(await create({ ProtocolOption: { CssCustomPushUrl } })).toMatchObject({ Code: 0 })
  })
})

describe('seed', () => {
  it('makes ids the same from run to run', async () => {
    const run = async (seed: number) => {
      const { Header, Payload } = await setUpAccount({ seed }).create()
      return [Header.RequestID, Payload.SessionId]
    }
    expect(await run(1)).toEqual(await run(1))
    expect(await run(1)).not.toEqual(await run(2))
  })
})
