// Signing: the query of a call, and a CSS push URL.

import { createHash, createHmac, hash } from 'node:crypto'
import { createQuerySigner, signedQuery } from '@ivh-kit/core/signing'
import { createCssSigner } from '@ivh-kit/css-signer'
import { compare, runAlone } from './measure.mjs'

const appKey = 'example_appkey'
const accessToken = 'example_accesstoken'

export async function sign() {
  const text = 'appkey=example_appkey&timestamp=1717639699'
  const amortised = createQuerySigner({ appKey, accessToken, now: Date.now })
  return compare(
    {
      createHmac: repeat(() => createHmac('sha256', accessToken).update(text).digest('base64')),
      'signed query, one per second': repeat(amortised),
      'signed query, each anew': repeat(() =>
        signedQuery({ appkey: appKey, timestamp: '1717639699' }, accessToken),
      ),
    },
    { peer: 'createHmac', count: 200_000 },
  )
}

export async function txSecret() {
  const css = createCssSigner({ pushDomain: 'push.example.com', pushKey: 'k'.repeat(32) })
  const key = 'k'.repeat(32)
  const text = `${key}m7895C271099`
  const names = ['m789', 'm790']
  let turn = 0
  const time = '5C271099'
  const expiresAt = Math.floor(Date.now() / 1000) + 3600
  return compare(
    {
      "crypto.hash('md5')": repeat(() => md5(text)),
      // What there is to hash is never ready: it is a key, a name and a time.
      "crypto.hash('md5') of a text put together": repeat(() => {
        turn = 1 - turn
        return md5(key + names[turn] + time)
      }),
      'css.push, expiresIn': repeat(() => css.push('m789', { expiresIn: 3600 }).url),
      'css.push, expiresAt': repeat(() => css.push('m789', { expiresAt }).url),
    },
    { peer: "crypto.hash('md5')", count: 200_000 },
  )
}

const md5 = (text) => (hash ? hash('md5', text) : createHash('md5').update(text).digest('hex'))

function repeat(operation) {
  let sink = ''
  return async (count) => {
    for (let index = 0; index < count; index++) sink = operation()
    return sink
  }
}

await runAlone(import.meta.url, async () => [...(await sign()), ...(await txSecret())])
