import { createHmac } from 'node:crypto'
import { inspect } from 'node:util'
import { inflateSync } from 'node:zlib'
import { afterEach, beforeEach, describe, expect, expectTypeOf, it, vi } from 'vitest'
import type { OpenByAssetOptions } from '../../sessions/opening/open-options'
import { anyOpen, createTestClient, rejection } from '../../testing/test-client'
import { type TrtcRoom, type TrtcRoomOptions, type TrtcViewer, trtcRoom } from './trtc-room'
import { loadTrtcSigner } from './trtc-signer'

/** Credentials from the public sample of the vendor's package. */
const sdkAppId = 1_400_000_000
const secretKey = '5bd2850fff3ecb11d7c805251c51ee463a25727bddc2385f3fa8bfee1bb93b5e'
const now = 1_700_000_000

beforeEach(() => {
  vi.useFakeTimers({ toFake: ['Date'], now: now * 1_000 })
})
afterEach(() => {
  vi.useRealTimers()
})

interface UserSig {
  readonly 'TLS.identifier': string
  readonly 'TLS.sdkappid': number
  readonly 'TLS.time': number
  readonly 'TLS.expire': number
  readonly 'TLS.userbuf'?: string
  readonly 'TLS.sig': string
}

/** Reads a UserSig by its specification, without the package that wrote it. */
function read(userSig: string): UserSig {
  const base64 = userSig.replaceAll('*', '+').replaceAll('-', '/').replaceAll('_', '=')
  return JSON.parse(inflateSync(Buffer.from(base64, 'base64')).toString())
}

function expectSigned(userSig: string): UserSig {
  const fields = read(userSig)
  const lines = ['identifier', 'sdkappid', 'time', 'expire', 'userbuf'] as const
  const text = lines
    .filter((name) => fields[`TLS.${name}`] !== undefined)
    .map((name) => `TLS.${name}:${fields[`TLS.${name}`]}\n`)
    .join('')
  const signature = createHmac('sha256', secretKey).update(text).digest('base64')
  expect(fields['TLS.sig']).toBe(signature)
  return fields
}

/** Returns the rights of a PrivateMapKey. */
function readRights(privateMapKey: string) {
  const userbuf = Buffer.from(expectSigned(privateMapKey)['TLS.userbuf'] ?? '', 'base64')
  const at = 3 + userbuf.readUInt16BE(1)
  const text = userbuf[0] === 1
  return {
    userId: userbuf.toString('latin1', 3, at),
    sdkAppId: userbuf.readUInt32BE(at),
    room: text ? userbuf.toString('latin1', at + 22) : userbuf.readUInt32BE(at + 4),
    expiresAt: userbuf.readUInt32BE(at + 8),
    privileges: userbuf.readUInt32BE(at + 12),
  }
}

describe('TRTC credentials', () => {
  it.each([
    [
      'a numeric room',
      10_000,
      '0000077869616f6a756e53724e000000271066413f00000000ff00000000',
      'y9Avb5xwHgIgoABbGakLaE0xs+v/dLcIPegbWfcbRLI=',
    ],
    [
      'a text room',
      '1000000040',
      '0100077869616f6a756e53724e000000000066413f00000000ff00000000000a31303030303030303430',
      'uupaOmIqiVUsVoCDvmakmGU86GEQBV0Ie6Q+9GFbowM=',
    ],
  ])('match the known vectors for %s', async (_what, room, userbuf, signature) => {
    const sign = await loadTrtcSigner(sdkAppId, secretKey)
    const { privateMapKey, userSig } = sign('xiaojun', room, 255, 15_552_000)
    expect(read(userSig)['TLS.sig']).toBe('LvA7d/Iw7gSsnskvVzBDPOCCDbuNCw4GHwTC0bip+B4=')
    const fields = read(privateMapKey)
    expect(Buffer.from(fields['TLS.userbuf'] ?? '', 'base64').toString('hex')).toBe(userbuf)
    expect(fields['TLS.sig']).toBe(signature)
  })
})

async function opened(more: Partial<TrtcRoomOptions> = {}, open: Partial<OpenByAssetOptions> = {}) {
  const trtc = trtcRoom({ sdkAppId, secretKey, ...more })
  const client = await createTestClient({}, { plugins: [trtc] })
  const opening = client.ivh.sessions.open({ ...anyOpen, protocol: 'trtc', ...open })
  // The TRTC package loads in real time, not in virtual time.
  await vi.waitFor(async () => {
    await client.clock.advance(100)
    expect(client.transport.endpoints()).toContain('startsession')
  })
  const session = await opening
  const option = client.transport.calls[0]?.payload.ProtocolOption
  return { ...client, trtc, session, option: option as Record<string, unknown> | undefined }
}

describe('trtcRoom', () => {
  it('opens the session in a room of the customer’s TRTC application', async () => {
    const { option } = await opened()
    expect(option).toEqual({
      TrtcUseExternalApp: true,
      TrtcAppId: '1400000000',
      TrtcRoomId: expect.any(Number),
      TrtcUserSig: expect.any(String),
      TrtcPrivateMapKey: expect.any(String),
    })
    expect(expectSigned(String(option?.TrtcUserSig))).toMatchObject({
      'TLS.identifier': 'u1',
      'TLS.sdkappid': sdkAppId,
      'TLS.time': now,
      'TLS.expire': 86_400,
    })
    expect(readRights(String(option?.TrtcPrivateMapKey))).toEqual({
      userId: 'u1',
      sdkAppId,
      room: option?.TrtcRoomId,
      expiresAt: now + 86_400,
      privileges: 255,
    })
  })

  it('creates credentials for viewers that may watch and listen', async () => {
    const { session, trtc, option } = await opened({ viewerExpiresIn: 600 })
    const room = session.extension(trtc)
    expect(room).toMatchObject({ sdkAppId, room: option?.TrtcRoomId, avatarUserId: 'u1' })
    const viewer = room?.viewer('visitor-42')
    expect(viewer).toEqual({
      sdkAppId,
      userId: 'visitor-42',
      userSig: expect.any(String),
      privateMapKey: expect.any(String),
      roomId: option?.TrtcRoomId,
    })
    expect(expectSigned(viewer?.userSig ?? '')).toMatchObject({
      'TLS.identifier': 'visitor-42',
      'TLS.expire': 600,
    })
    expect(readRights(viewer?.privateMapKey ?? '')).toMatchObject({
      userId: 'visitor-42',
      room: option?.TrtcRoomId,
      expiresAt: now + 600,
      privileges: 42,
    })
  })

  it.each([
    ['a number above 2³¹', 4_294_967_294, 'TrtcRoomId', 'roomId'],
    ['a text', 'lobby-u1', 'TrtcStrRoomId', 'strRoomId'],
  ])('uses a room of the caller: %s', async (_what, room, wire, page) => {
    const { session, trtc, option } = await opened({ room: () => room })
    expect(option).toMatchObject({ [wire]: room })
    const viewer = session.extension(trtc)?.viewer('v')
    expect(viewer).toMatchObject({ [page]: room })
    expect(readRights(viewer?.privateMapKey ?? '').room).toBe(room)
  })

  it('creates a new room for every session', async () => {
    const rooms = await Promise.all([opened(), opened()])
    const [one, other] = rooms.map(({ option }) => option?.TrtcRoomId)
    expect(one).not.toBe(other)
  })

  it('does not change sessions of another protocol or with their own room', async () => {
    const { session, trtc, option } = await opened({}, { protocol: 'webrtc' })
    expect(option).toBeUndefined()
    expect(session.extension(trtc)).toBeUndefined()
    const own = { appId: '14', roomId: 5, userSig: 'sig', privateMapKey: 'key' }
    const withOwnRoom = await opened({}, { trtc: own })
    expect(withOwnRoom.option).toMatchObject({ TrtcAppId: '14', TrtcRoomId: 5 })
    expect(withOwnRoom.session.extension(withOwnRoom.trtc)).toBeUndefined()
  })

  it('restores its room after a resume', async () => {
    const { session, trtc } = await opened({ room: () => 'lobby' })
    const { ivh, clock } = await createTestClient(
      {
        script: { statsession: () => ({ payload: { SessionStatus: 1, IsSessionStarted: true } }) },
      },
      { plugins: [trtc] },
    )
    const { pluginState } = session
    expect(JSON.stringify(pluginState)).not.toMatch(/sig|key/i)
    const resuming = ivh.sessions.resume('m1', { pluginState })
    await clock.advance(10)
    const resumed = await resuming
    expect(resumed.extension(trtc)).toMatchObject({ room: 'lobby', avatarUserId: 'u1' })
    expect(resumed.extension(trtc)?.viewer('v')).toMatchObject({ strRoomId: 'lobby' })
    const other = rejection(
      ivh.sessions.resume('m2', { pluginState: { 'trtc-room': '{"room":1}' } }),
    )
    await clock.advance(10)
    expect(await other).toMatchObject({ kind: 'plugin', plugin: 'trtc-room' })
  })

  it('rejects a viewer with the user id of the digital human', async () => {
    const { session, trtc } = await opened()
    expect(() => session.extension(trtc)?.viewer('u1')).toThrow(/digital human's own user id "u1"/)
    expect(() => session.extension(trtc)?.viewer('老王')).toThrow(/1 to 32 letters/)
  })

  it.each([
    ['a user id', {}, '老王', /does not take the user id "老王"/],
    ['a room', { room: () => 0 }, 'u1', /does not take the room 0/],
    ['a room', { room: () => 'two words' }, 'u1', /does not take the room "two words"/],
  ])('rejects %s that TRTC does not allow', async (_what, more, userId, message) => {
    const plugins = [trtcRoom({ sdkAppId, secretKey, ...more })]
    const { ivh, transport } = await createTestClient({}, { plugins })
    const open = ivh.sessions.open({ ...anyOpen, userId, protocol: 'trtc' })
    expect(await rejection(open)).toMatchObject({
      kind: 'plugin',
      plugin: 'trtc-room',
      message: expect.stringMatching(message),
    })
    expect(transport.calls).toEqual([])
  })

  it.each<[string, Partial<TrtcRoomOptions>, RegExp]>([
    ['sdkAppId', { sdkAppId: 0 }, /sdkAppId is 0/],
    ['secretKey', { secretKey: ' ' }, /secretKey is missing/],
    ['avatarExpiresIn', { avatarExpiresIn: 0.5 }, /avatarExpiresIn is 0.5/],
    ['viewerExpiresIn', { viewerExpiresIn: -1 }, /viewerExpiresIn is -1/],
  ])('rejects a wrong %s when it is created', (_option, more, message) => {
    expect(() => trtcRoom({ sdkAppId, secretKey, ...more })).toThrow(message)
  })

  it('hides secrets in logs and keeps them in the JSON of a viewer', async () => {
    const { session, trtc } = await opened()
    const viewer = session.extension(trtc)?.viewer('v')
    const secrets = [secretKey, viewer?.userSig ?? 'none', viewer?.privateMapKey ?? 'none']
    const shown = inspect([trtc, session, { viewer }], { depth: 9, showHidden: true })
    for (const secret of secrets) expect(shown).not.toContain(secret)
    expect(JSON.parse(JSON.stringify(viewer))).toEqual({ ...viewer })
  })

  it('infers the type of its extension', async () => {
    const { session, trtc } = await opened()
    const room = session.extension(trtc)
    expectTypeOf(room).toEqualTypeOf<TrtcRoom | undefined>()
    expectTypeOf<TrtcRoom['viewer']>().returns.toEqualTypeOf<TrtcViewer>()
  })
})
