import { expect, it } from 'vitest'
import { SessionIndex } from './session-index'

it('finds a session by SessionId and by UserId until it is deleted', () => {
  const index = new SessionIndex<{ readonly id: string; readonly userId: string }>()
  const session = { id: 'm1', userId: 'u1' }
  const other = { id: 'm2', userId: 'u1' }
  index.add(session)
  index.add(other)
  expect(index.withId('m1')).toEqual([session])
  expect(index.withUserId('u1')).toEqual([session, other])
  expect(index.all).toEqual([session, other])
  index.delete(session)
  expect(index.withId('m1')).toEqual([])
  expect(index.withUserId('u1')).toEqual([other])
  expect(index.all).toEqual([other])
})
