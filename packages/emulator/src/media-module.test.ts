import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterEach, expect, it } from 'vitest'
import { startMedia } from './media-module'

const folders: string[] = []
afterEach(() => {
  for (const folder of folders.splice(0)) rmSync(folder, { recursive: true, force: true })
})

/** A folder in which one package is installed; the path is that of a file in it. */
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

it('auto takes the usual module where it is installed', async () => {
  const here = installed('@ivh-kit/emulator-media', works)
  expect(await startMedia('auto', 'h1', [here])).toMatchObject({ url: 'http://h1' })
})

it('auto takes none where it is not, and none takes none where it is', async () => {
  const without = [installed('other', works)]
  expect(await startMedia('auto', undefined, without, 'usual-media')).toBeUndefined()
  const here = installed('@ivh-kit/emulator-media', works)
  expect(await startMedia('none', undefined, [here])).toBeUndefined()
})

it('takes a module by its name, from the first folder that has it', async () => {
  const second = installed('my-media', works)
  expect(await startMedia('my-media', 'h2', [installed('other', ''), second])).toMatchObject({
    url: 'http://h2',
  })
})

it('says that a named module is not installed, and what to do', async () => {
  await expect(startMedia('my-media', undefined, [installed('other', '')])).rejects.toThrow(
    'my-media is not installed here. Run: npm install --save-dev my-media',
  )
})

it('says what a module lacks', async () => {
  const here = installed('my-media', 'exports.start = () => {}')
  await expect(startMedia('my-media', undefined, [here])).rejects.toThrow(
    'my-media has no export startMedia({ host })',
  )
})
