import { deflateSync } from 'node:zlib'
import { describe, expect, it } from 'vitest'
import { setUpAccount } from '../testing/account'
import { externalTrtc, userSigOf } from '../testing/trtc'
import { checkTrtcUserSig } from './check-trtc-user-sig'

/**
 * UserSig that the package tls-sig-api-v2 publishes: user xiaojun, app 1400000000, made at 1700000000 for 180
 * days.
 */
const published =
  'eJyrVgrxCdYrSy1SslIy0jNQ0gHzM1NS80oy0zLBwhWZiflZpXlQqeKU7MSCgswUJStDEwMogMiUZOamKlkZmqOKplYUZBaBxE1NTY3gosWZ6UpWSj5ljuYp*p7l5unBxXnF2WVhVU4uAf7Ozi5JpX7O5SbuHuUhzgZJmQXaTia2SrUAohcx8g__'

describe('TrtcUserSig of an external app', () => {
  const create = async (ProtocolOption: object, over: object = {}) =>
    setUpAccount().create({ Protocol: 'trtc', ProtocolOption, ...over })

  it('is accepted for the avatar’s user and app until it expires', async () => {
    expect(await create(externalTrtc())).toMatchObject({ Code: 0 })
  })

  it('of the vendor’s package is accepted until it expires', () => {
    const option = { ...externalTrtc(), TrtcAppId: '1400000000', TrtcUserSig: published }
    const create = { UserId: 'xiaojun', Protocol: 'trtc', ProtocolOption: option }
    const end = (1_700_000_000 + 15_552_000) * 1_000
    expect(() => checkTrtcUserSig(create, end - 1)).not.toThrow()
    expect(() => checkTrtcUserSig(create, end)).toThrow('expired 0 s ago')
  })

  it.each([
    ['not base64', { TrtcUserSig: 'not a sig!' }, 'must be a UserSig'],
    ['not deflated', { TrtcUserSig: 'c2ln' }, 'must be a UserSig'],
    ['base64url', { TrtcUserSig: `${userSigOf().replaceAll('*', '+')}=` }, 'must be a UserSig'],
    [
      'not JSON',
      { TrtcUserSig: deflateSync('x').toString('base64').replace(/=/g, '_') },
      'must be a UserSig',
    ],
    [
      'too large',
      {
        TrtcUserSig: deflateSync(Buffer.alloc(2 ** 20))
          .toString('base64')
          .replace(/=/g, '_'),
      },
      'must be a UserSig',
    ],
    ['another version', externalTrtc({ 'TLS.ver': '1.0' }), 'must be a UserSig'],
    ['without a signature', externalTrtc({ 'TLS.sig': '' }), 'must be a UserSig'],
    [
      'for another user',
      externalTrtc({ 'TLS.identifier': 'kiosk-2' }),
      'was made for another user',
    ],
    ['for another app', externalTrtc({ 'TLS.sdkappid': 1400000002 }), 'was made for another app'],
    ['expired', externalTrtc({ 'TLS.expire': 0 }), 'expired 0 s ago'],
  ])('refuses a UserSig that is %s', async (_what, option, reason) => {
    expect(await create({ ...externalTrtc(), ...option })).toMatchObject({
      Code: 100001,
      Message: expect.stringContaining(`Payload.ProtocolOption.TrtcUserSig ${reason}`),
    })
  })

  it('is not checked with trtcUserSig accept, or without the external app', async () => {
    const payload = { Protocol: 'trtc', ProtocolOption: { ...externalTrtc(), TrtcUserSig: 'sig' } }
    expect(await setUpAccount({ trtcUserSig: 'accept' }).create(payload)).toMatchObject({ Code: 0 })
    expect(await create({ TrtcUserSig: 'sig' })).toMatchObject({ Code: 0 })
    expect(await create(payload.ProtocolOption, { Protocol: 'rtmp' })).toMatchObject({ Code: 0 })
  })
})

describe('pushUrlRequired', () => {
  it('refuses a create without CssCustomPushUrl and accepts one with it', async () => {
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
  it('gives the same ids in every run', async () => {
    const run = async (seed: number) => {
      const { Header, Payload } = await setUpAccount({ seed }).create()
      return [Header.RequestID, Payload.SessionId]
    }
    expect(await run(1)).toEqual(await run(1))
    expect(await run(1)).not.toEqual(await run(2))
  })
})
