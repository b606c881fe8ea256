import { execFile } from 'node:child_process'
import {
  existsSync,
  mkdirSync,
  mkdtempSync,
  realpathSync,
  rmSync,
  symlinkSync,
  writeFileSync,
} from 'node:fs'
import { createRequire } from 'node:module'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { fileURLToPath } from 'node:url'
import { afterEach, expect, it } from 'vitest'

const room = fileURLToPath(new URL('..', import.meta.url))
const jestCommand = createRequire(import.meta.url).resolve('jest/bin/jest')
const folders: string[] = []
afterEach(() => {
  for (const folder of folders.splice(0)) rmSync(folder, { recursive: true })
})

/** Creates a separate project with the packages in its node_modules. */
function project(type: 'module' | 'commonjs'): string {
  if (!existsSync(join(room, 'dist/jest.cjs'))) {
    throw new Error('dist/jest.cjs is missing: build @ivh-kit/emulator before this test')
  }
  const folder = mkdtempSync(join(realpathSync(tmpdir()), 'ivh-jest-'))
  folders.push(folder)
  for (const scope of ['@ivh-kit', '@jest']) {
    mkdirSync(join(folder, 'node_modules', scope), { recursive: true })
  }
  symlinkSync(room, join(folder, 'node_modules/@ivh-kit/emulator'))
  for (const name of ['undici', '@jest/globals']) {
    symlinkSync(join(room, 'node_modules', name), join(folder, 'node_modules', name))
  }
  const load = (name: string, from: string) =>
    type === 'module'
      ? `import { ${name} } from '${from}'`
      : `const { ${name} } = require('${from}')`
  const program = `
${load('afterAll, afterEach, expect, test', '@jest/globals')}
${load('useEmulator', '@ivh-kit/emulator/jest')}
${load('request', 'undici')}
${load('createHmac', 'node:crypto')}
const emulator = useEmulator()
async function call(name, payload) {
  const text = 'appkey=emulator-appkey&timestamp=' + Math.floor(emulator.clock.now() / 1000)
  const base64 = createHmac('sha256', 'emulator-accesstoken').update(text).digest('base64')
  const path = '/v2/ivh/sessionmanager/sessionmanagerservice/' + name
  const answer = await request(emulator.url + path + '?' + text + '&signature=' + encodeURIComponent(base64), {
    method: 'POST',
    dispatcher: emulator.dispatcher,
    body: JSON.stringify({ Header: {}, Payload: { ReqId: '0'.repeat(32), ...payload } }),
  })
  return (await answer.body.json()).Header.Code
}
const create = () => call('createsessionbyasset', {
  AssetVirtualmanKey: 'a', UserId: 'u', Protocol: 'rtmp', DriverType: 1 })
let toClose
afterEach(async () => {
  if (toClose) expect(await call('closesession', { SessionId: toClose })).toBe(0)
  toClose = undefined
})
afterAll(async () => {
  expect(await call('listsessionofuin', {})).toBe(0)
  console.log('the last hook was answered')
})
it('lets ten minutes pass', async () => {
  expect(await create()).toBe(0)
  await emulator.advance(600000)
  expect(emulator.sessions).toMatchObject([{ closeType: 2 }])
})
it('starts the next test without sessions', () => {
  expect(emulator.sessions).toEqual([])
  expect(Math.abs(emulator.clock.now() - Date.now())).toBeLessThan(5000)
})
it('closes its session in its own hook', async () => {
  expect(await create()).toBe(0)
  toClose = emulator.sessions[0].sessionId
})
it('leaves a session open', async () => { expect(await create()).toBe(0) })
it('passes after a test that left a session open', () => { expect(emulator.sessions).toEqual([]) })
it('leaves the last session open', async () => { expect(await create()).toBe(0) })
`
  writeFileSync(join(folder, 'package.json'), JSON.stringify({ type, jest: { transform: {} } }))
  writeFileSync(join(folder, 'sample.test.js'), program)
  return folder
}

it.each(['module', 'commonjs'] as const)(
  'useEmulator works in a %s project of Jest, and names the tests that leave sessions open',
  { timeout: 120_000 },
  async (type) => {
    const cwd = project(type)
    const args = ['--experimental-vm-modules', jestCommand, '--rootDir', cwd, '--json', '--ci']
    const env = { ...process.env, NODE_NO_WARNINGS: '1' }
    const [output, talk, code] = await new Promise<[string, string, unknown]>((resolve) => {
      execFile(process.execPath, args, { cwd, env }, (error, stdout, stderr) =>
        resolve([stdout, stderr, error?.code]),
      )
    })
    const { testResults } = JSON.parse(output)
    const { assertionResults, message, status } = testResults[0]
    const results = assertionResults.map((result: { title: string; status: string }) => [
      result.title,
      result.status,
    ])
    expect(results, message).toEqual([
      ['lets ten minutes pass', 'passed'],
      ['starts the next test without sessions', 'passed'],
      ['closes its session in its own hook', 'passed'],
      ['leaves a session open', 'passed'],
      ['passes after a test that left a session open', 'passed'],
      ['leaves the last session open', 'passed'],
    ])
    expect([status, code]).toEqual(['failed', 1])
    for (const name of ['leaves a session open', 'leaves the last session open']) {
      expect(message).toContain(`The test “${name}” left 1 session open`)
    }
    expect(message).not.toContain('closes its session in its own hook')
    expect(talk).toContain('the last hook was answered')
    expect(talk).not.toContain('did not exit')
  },
)
