// `pnpm bench`: prints the tables that bench/RESULTS.md keeps.

import { fork } from 'node:child_process'
import * as crypto from 'node:crypto'
import { createHash, createHmac } from 'node:crypto'
import { once } from 'node:events'
import { cpus } from 'node:os'
import { createIvhClient } from '@ivh-kit/core'
import { createCssSigner } from '@ivh-kit/css-signer'
import { Pool } from 'undici'
import { emulator } from './emulator.mjs'
import { compare } from './measure.mjs'

console.log(
  `Node ${process.version}, ${cpus().length} × ${cpus()[0]?.model}, ${new Date().toISOString().slice(0, 10)}`,
)

console.log('\nhttp: one signed, validated call, 16 at a time; the server is another process')
console.table(await http())

console.log('\ntx-secret: a signed push URL with all checks')
console.table(await txSecret())

console.log('\nsign: the signed query of one call')
console.table(await sign())

console.log('\nemulator: in processes of their own')
console.table(await emulator())

async function http() {
  const server = fork(new URL('./answering-server.mjs', import.meta.url))
  const [{ port }] = await once(server, 'message')
  const origin = `http://127.0.0.1:${port}`
  const pool = new Pool(origin, { connections: 16 })
  const ivh = createIvhClient({ appKey: 'k', accessToken: 't', baseUrl: origin, dispatcher: pool })
  const payload = { AssetVirtualmanKey: 'a', UserId: 'u', Protocol: 'rtmp', DriverType: 1 }
  const body = JSON.stringify({ Header: {}, Payload: { ...payload, ReqId: '0'.repeat(32) } })
  const headers = { 'content-type': 'application/json' }
  const parallel = (one) => async (count) => {
    const worker = async () => {
      for (let index = 0; index < count / 16; index++) await one()
    }
    await Promise.all(Array.from({ length: 16 }, worker))
  }
  try {
    return await compare(
      {
        'undici.request, constant bytes': parallel(async () => {
          const response = await pool.request({ path: '/', method: 'POST', headers, body })
          await response.body.text()
        }),
        'ivh.createSessionByAsset': parallel(() => ivh.createSessionByAsset(payload)),
      },
      { peer: 'undici.request, constant bytes', count: 8_000 },
    )
  } finally {
    await ivh.close()
    await pool.close()
    server.disconnect()
  }
}

async function txSecret() {
  const css = createCssSigner({ pushDomain: 'push.example.com', pushKey: 'k'.repeat(32) })
  const text = `${'k'.repeat(32)}m7895C271099`
  return compare(
    {
      "crypto.hash('md5')": repeat(() =>
        crypto.hash ? crypto.hash('md5', text) : createHash('md5').update(text).digest('hex'),
      ),
      'css.push': repeat(() => css.push('m789', { expiresIn: 3600 }).url),
    },
    { peer: "crypto.hash('md5')", count: 200_000 },
  )
}

async function sign() {
  const { signedQuery } = await import('@ivh-kit/core')
  const text = 'appkey=example_appkey&timestamp=1717639699'
  return compare(
    {
      createHmac: repeat(() =>
        createHmac('sha256', 'example_accesstoken').update(text).digest('base64'),
      ),
      'signedQuery, not cached': repeat(() =>
        signedQuery({ appkey: 'example_appkey', timestamp: '1717639699' }, 'example_accesstoken'),
      ),
    },
    { peer: 'createHmac', count: 100_000 },
  )
}

function repeat(operation) {
  let sink = ''
  return async (count) => {
    for (let index = 0; index < count; index++) sink = operation()
    return sink
  }
}
