import { fileURLToPath } from 'node:url'
import { createContext, runInContext } from 'node:vm'
import { build } from 'tsdown'
import { expect, it } from 'vitest'

/** Bundles the package for a runtime other than Node into one script. */
async function bundle(): Promise<string> {
  const [built] = await build({
    config: false,
    entry: { index: fileURLToPath(new URL('./index.ts', import.meta.url)) },
    platform: 'neutral',
    format: 'cjs',
    dts: false,
    write: false,
    logLevel: 'silent',
    outputOptions: { comments: false },
  })
  const [chunk] = built?.chunks ?? []
  if (chunk?.type !== 'chunk') throw new Error('tsdown returned no chunk')
  return chunk.code
}

it('runs without process and require, and imports no Node module', async () => {
  const code = await bundle()
  expect(code).not.toMatch(/\brequire\(|\bimport\b/)
  // TextEncoder is the only global that the package uses.
  const context = createContext({ TextEncoder, exports: {} })
  runInContext(code, context)
  const run = (script: string) => runInContext(script, context)
  expect(run('typeof process + typeof require')).toBe('undefinedundefined')
  expect(run("exports.txSecret('somestring', 'test_900', '5c2acacc')")).toBe(
    '4beae959b16c77da6a65c7edda1dfefe',
  )
  expect(
    run("exports.txSecret('somestring', 'test_900', '5c2acacc', { algorithm: 'sha256' })"),
  ).toBe('ee2f5375108f962982d7ffa7b564808c48bad7c9f68dd06d1d01792c54c34611')
  const roundTrip = `
    const css = exports.createCssSigner({ playDomain: 'play.example.com', playKey: 'k' })
    css.verify(css.play('m789').hls).ok
  `
  expect(run(roundTrip)).toBe(true)
})
