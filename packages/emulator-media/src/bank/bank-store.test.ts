import { expect, test } from 'vitest'
import { fakeBankData } from '../testing/fake-bank'
import { BankStore } from './bank-store'

test('humans with the same avatar share one build', async () => {
  const built: string[] = []
  const store = new BankStore(async (avatar) => {
    built.push(avatar)
    return fakeBankData()
  }, 4)
  const [first, second] = await Promise.all([store.get('a'), store.get('a')])
  expect(first).toBe(second)
  expect(await store.get('a')).toBe(first)
  expect(built).toEqual(['a'])
})

test('builds run one after the other', async () => {
  let running = 0
  const store = new BankStore(async () => {
    running += 1
    expect(running).toBe(1)
    await new Promise((resolve) => setImmediate(resolve))
    running -= 1
    return fakeBankData()
  }, 4)
  await Promise.all(['a', 'b', 'c'].map((avatar) => store.get(avatar)))
})

test('the bank that was used longest ago is dropped', async () => {
  const built: string[] = []
  const store = new BankStore(async (avatar) => {
    built.push(avatar)
    return fakeBankData()
  }, 2)
  for (const avatar of ['a', 'b', 'a', 'c', 'a', 'b']) await store.get(avatar)
  expect(built).toEqual(['a', 'b', 'c', 'b'])
})

test('a failed build is tried again and does not stop the others', async () => {
  let attempts = 0
  const store = new BankStore(async () => {
    attempts += 1
    if (attempts === 1) throw new Error('out of memory')
    return fakeBankData()
  }, 2)
  const failed = store.get('a')
  const other = store.get('b')
  await expect(failed).rejects.toThrow('out of memory')
  await other
  await store.get('a')
  expect(attempts).toBe(3)
})

test('closing aborts the build under way and those that wait', async () => {
  const store = new BankStore(
    (_avatar, signal) =>
      new Promise((_resolve, reject) => {
        signal.addEventListener('abort', () => reject(signal.reason))
      }),
    2,
  )
  const builds = [store.get('a'), store.get('b')]
  await new Promise((resolve) => setImmediate(resolve))
  store.close()
  for (const build of builds) await expect(build).rejects.toMatchObject({ name: 'AbortError' })
})
