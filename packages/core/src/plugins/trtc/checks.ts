import { rememberSecret } from '@ivh-kit/kernel'
import { IvhConfigError } from '../../errors'

const largestRoom = 4_294_967_294
const longestLife = 2 ** 31 - 1

/** @throws IvhConfigError unless the SDKAppID is a positive whole number. */
export function checkSdkAppId(sdkAppId: number): number {
  if (Number.isInteger(sdkAppId) && sdkAppId > 0 && sdkAppId < 2 ** 32) return sdkAppId
  throw new IvhConfigError(`trtcRoom: sdkAppId is ${String(sdkAppId)}`, {
    hint: 'Copy the SDKAppID of your application from the TRTC console, as a number.',
  })
}

/** @throws IvhConfigError when the key is empty. The message does not show the key. */
export function checkSecretKey(secretKey: string): string {
  if (typeof secretKey === 'string' && secretKey.trim() !== '') {
    rememberSecret(secretKey)
    return secretKey
  }
  throw new IvhConfigError('trtcRoom: secretKey is missing', {
    hint: 'Copy the SDKSecretKey of your application from the TRTC console.',
  })
}

/** @throws IvhConfigError unless the lifetime is a whole number of seconds. */
export function checkLife(option: string, life: number): number {
  if (Number.isInteger(life) && life > 0 && life <= longestLife) return life
  throw new IvhConfigError(`trtcRoom: ${option} is ${life}`, { hint: 'Give whole seconds.' })
}

/**
 * Checks a TRTC UserId. The vendor signs a PrivateMapKey character by character, so other ids would get a
 * wrong signature.
 *
 * @throws IvhConfigError unless the UserId has 1–32 letters, digits, `_` and `-`.
 */
export function checkTrtcUserId(userId: string): string {
  if (/^[\w-]{1,32}$/.test(userId)) return userId
  throw new IvhConfigError(`TRTC does not take the user id ${JSON.stringify(userId)}`, {
    hint: 'Use 1 to 32 letters, digits, "_" and "-".',
  })
}

/** @throws IvhConfigError unless the room is 1–4294967294, or a text of 1–64 ASCII characters. */
export function checkRoom(room: number | string): number | string {
  const good =
    typeof room === 'number'
      ? Number.isInteger(room) && room >= 1 && room <= largestRoom
      : /^[\x21-\x7e]{1,64}$/.test(room)
  if (good) return room
  throw new IvhConfigError(`TRTC does not take the room ${JSON.stringify(room)}`, {
    hint: `Use a whole number from 1 to ${largestRoom}, or a text of 1 to 64 ASCII characters.`,
  })
}

/** Returns a random numeric room. Text rooms are not documented on every page. */
export function anyRoom(): number {
  return process.getBuiltinModule('node:crypto').randomInt(1, largestRoom + 1)
}
