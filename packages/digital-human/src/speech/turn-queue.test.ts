import { expect, it } from 'vitest'
import { TurnQueue } from './turn-queue'

it('runs urgent tasks before the others, each kind in order', async () => {
  const queue = new TurnQueue()
  const done: string[] = []
  const run = (name: string, urgent: boolean) => queue.run(async () => done.push(name), { urgent })
  await Promise.all([
    run('ahead 1', false),
    run('urgent 1', true),
    run('ahead 2', false),
    run('urgent 2', true),
  ])
  expect(done).toEqual(['urgent 1', 'urgent 2', 'ahead 1', 'ahead 2'])
})

it('runs one task at a time and handles messages in between', async () => {
  const queue = new TurnQueue()
  const seen: string[] = []
  const task = (name: string) => async () => {
    seen.push(`${name} begins`)
    await Promise.resolve()
    seen.push(`${name} ends`)
    setImmediate(() => seen.push(`a turn after ${name}`))
  }
  const first = queue.run(task('one'), { urgent: true })
  const second = queue.run(task('two'), { urgent: true })
  await Promise.all([first, second])
  expect(seen.slice(0, 4)).toEqual(['one begins', 'one ends', 'a turn after one', 'two begins'])
})

it('rejects for a failing task and runs the next one', async () => {
  const queue = new TurnQueue()
  const failed = queue.run(() => Promise.reject(new Error('out of breath')), { urgent: true })
  const next = queue.run(async () => 'spoken', { urgent: false })
  await expect(failed).rejects.toThrow('out of breath')
  expect(await next).toBe('spoken')
  expect(await queue.run(async () => 'later', { urgent: false })).toBe('later')
})
