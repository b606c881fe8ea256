import { expect, it, onTestFinished } from 'vitest'
import { fakeBankData } from '../testing/fake-bank'
import { imageServer } from '../testing/image-server'
import { BankStore } from './bank-store'

const human = (avatar: string) =>
  ({ avatar, orientation: 'landscape', background: undefined, name: '', alpha: 'none' }) as const

it('shares one build between humans with the same avatar', async () => {
  const built: string[] = []
  const store = new BankStore(async ({ avatar }) => {
    built.push(avatar)
    return fakeBankData()
  }, 4)
  const [first, second] = await Promise.all([store.get(human('a')), store.get(human('a'))])
  expect(first).toBe(second)
  expect(await store.get(human('a'))).toBe(first)
  expect(built).toEqual(['a'])
})

it('builds anew for other layers or another position', async () => {
  let builds = 0
  const store = new BankStore(async () => {
    builds += 1
    return fakeBankData()
  }, 9)
  await store.get(human('a'))
  await store.get({ ...human('a'), anchor: { x: 0.1 } })
  await store.get({ ...human('a'), layers: [{ url: '#000000' }] })
  await store.get({ ...human('a'), layers: [{ url: '#000000' }], frame: { width: 9, height: 9 } })
  expect(builds).toBe(4)
})

it('runs one build at a time', async () => {
  let running = 0
  const store = new BankStore(async () => {
    running += 1
    expect(running).toBe(1)
    await new Promise((resolve) => setImmediate(resolve))
    running -= 1
    return fakeBankData()
  }, 4)
  await Promise.all(['a', 'b', 'c'].map((avatar) => store.get(human(avatar))))
})

it('drops the least recently used bank', async () => {
  const built: string[] = []
  const store = new BankStore(async ({ avatar }) => {
    built.push(avatar)
    return fakeBankData()
  }, 2)
  for (const avatar of ['a', 'b', 'a', 'c', 'a', 'b']) await store.get(human(avatar))
  expect(built).toEqual(['a', 'b', 'c', 'b'])
})

it('retries a failed build and continues with the others', async () => {
  let attempts = 0
  const store = new BankStore(async () => {
    attempts += 1
    if (attempts === 1) throw new Error('out of memory')
    return fakeBankData()
  }, 2)
  const failed = store.get(human('a'))
  const other = store.get(human('b'))
  await expect(failed).rejects.toThrow('out of memory')
  await other
  await store.get(human('a'))
  expect(attempts).toBe(3)
})

it('does not delay other humans for a slow image', async () => {
  let answer = (): unknown => undefined
  const server = await imageServer((_path, response) => {
    answer = () => response.end('image')
  })
  onTestFinished(() => server.close())
  const built: string[] = []
  const store = new BankStore(async ({ avatar }) => {
    built.push(avatar)
    return fakeBankData()
  }, 4)
  const slow = store.get({ ...human('slow'), background: server.url })
  while (server.requested.length === 0) await new Promise((resolve) => setImmediate(resolve))
  await store.get(human('quick'))
  answer()
  await slow
  expect(built).toEqual(['quick', 'slow'])
})

it('fetches an image again for the next human', async () => {
  const answers = ['', 'image', 'image', 'another']
  const server = await imageServer((_path, response) => {
    const image = answers.shift()
    response.writeHead(image ? 200 : 503).end(image)
  })
  onTestFinished(() => server.close())
  const store = new BankStore(async (_appearance, _signal, images) => {
    const image = images.get(server.url) ?? ''
    return { ...fakeBankData(), warnings: [Buffer.from(image).toString()] }
  }, 4)
  const asked = { ...human('a'), background: server.url }
  const banks = [await store.get(asked), await store.get(asked), await store.get(asked)]
  banks.push(await store.get(asked))
  expect(banks.map(({ warnings }) => warnings[0])).toEqual([
    'the server answered 503',
    'image',
    'image',
    'another',
  ])
  expect(banks[2]).toBe(banks[1])
})

it('aborts the current build and the waiting ones on close', async () => {
  const store = new BankStore(
    (_avatar, signal) =>
      new Promise((_resolve, reject) => {
        signal.addEventListener('abort', () => reject(signal.reason))
      }),
    2,
  )
  const builds = [store.get(human('a')), store.get(human('b'))]
  await new Promise((resolve) => setImmediate(resolve))
  store.close()
  for (const build of builds) await expect(build).rejects.toMatchObject({ name: 'AbortError' })
})
