import { expect, it } from 'vitest'
import { driven } from '../testing/driven-session'
import { HeldSessions } from './held-sessions'

it('what is held is held among all, and only as long', async () => {
  const { session } = await driven()
  const all = new HeldSessions()
  const [mine, others] = [new HeldSessions(all), new HeldSessions(all)]
  mine.add(session)
  expect(all.withId(session.id)).toEqual([session])
  expect(all.withUserId(session.userId)).toEqual([session])
  expect(others.all).toEqual([])
  mine.delete(session)
  for (const held of [mine, all]) {
    expect(held.all).toEqual([])
    expect(held.withId(session.id)).toEqual([])
    expect(held.withUserId(session.userId)).toEqual([])
  }
})
