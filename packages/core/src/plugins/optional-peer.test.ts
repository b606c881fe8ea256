import { expect, it } from 'vitest'
import { rejection } from '../testing/test-client'
import { loadPeer } from './optional-peer'

const notFound = (name: string) =>
  Object.assign(new Error(`Cannot find package '${name}' imported from /app/x.js`), {
    code: 'ERR_MODULE_NOT_FOUND',
  })

it('loadPeer returns the loaded module', async () => {
  expect(await loadPeer('peer', 'it', async () => 7)).toBe(7)
})

it('loadPeer names the command that installs a missing package', async () => {
  const missing = notFound('@scope/peer')
  const error = await rejection(loadPeer('@scope/peer', 'it()', () => Promise.reject(missing)))
  expect(error).toMatchObject({
    kind: 'config',
    message:
      'it() needs the package @scope/peer, which is not installed. Run: npm install @scope/peer',
    cause: missing,
  })
})

it('loadPeer rethrows other errors unchanged', async () => {
  for (const failure of [notFound('its-own-dependency'), new TypeError('peer is broken')]) {
    expect(await rejection(loadPeer('peer', 'it', () => Promise.reject(failure)))).toBe(failure)
  }
})
