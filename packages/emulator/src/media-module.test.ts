import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterEach, expect, it } from 'vitest'
import { startMedia } from './media-module'

const folders: string[] = []
afterEach(() => {
  for (const folder of folders.splice(0)) rmSync(folder, { recursive: true, force: true })
})

/** Creates a folder with one installed package, and returns the path of a file in it. */
function installed(name: string, source: string): string {
  const folder = mkdtempSync(join(tmpdir(), 'media-'))
  folders.push(folder)
  const home = join(folder, 'node_modules', name)
  mkdirSync(home, { recursive: true })
  writeFileSync(join(home, 'package.json'), JSON.stringify({ name, main: './index.cjs' }))
  writeFileSync(join(home, 'index.cjs'), source)
  return join(folder, 'x')
}

const works = 'exports.startMedia = async ({ host }) => ({ url: "http://" + host, close() {} })'

it('auto uses the default module when it is installed', async () => {
  const here = installed('@ivh-kit/emulator-media', works)
  expect(await startMedia('auto', 'h1', [here])).toMatchObject({ url: 'http://h1' })
})

it('auto uses no module when none is installed, and none never uses one', async () => {
  const without = [installed('other', works)]
  expect(await startMedia('auto', undefined, without, 'usual-media')).toBeUndefined()
  const here = installed('@ivh-kit/emulator-media', works)
  expect(await startMedia('none', undefined, [here])).toBeUndefined()
})

it('loads a named module from the first folder that contains it', async () => {
  const second = installed('my-media', works)
  expect(await startMedia('my-media', 'h2', [installed('other', ''), second])).toMatchObject({
    url: 'http://h2',
  })
})

it('rejects a named module that is not installed, with the next step', async () => {
  await expect(startMedia('my-media', undefined, [installed('other', '')])).rejects.toThrow(
    'my-media is not installed here. Run: npm install --save-dev my-media',
  )
})

it('rejects a module without startMedia', async () => {
  const here = installed('my-media', 'exports.start = () => {}')
  await expect(startMedia('my-media', undefined, [here])).rejects.toThrow(
    'my-media has no export startMedia({ host })',
  )
})
