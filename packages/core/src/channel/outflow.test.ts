import { expect, it } from 'vitest'
import { Outflow } from './outflow'

it('an outflow is stuck when bytes were buffered at the mark and none were sent', () => {
  const socket = { bufferedAmount: 0 }
  const outflow = new Outflow(socket)
  outflow.mark()
  expect(outflow.isStuck()).toBe(false)
  socket.bufferedAmount = 100
  outflow.mark()
  expect(outflow.isStuck()).toBe(true)
  socket.bufferedAmount = 200
  expect(outflow.isStuck()).toBe(true)
})

it('an outflow is not stuck when bytes were sent between two looks, even if as many are buffered again', () => {
  const socket = { bufferedAmount: 100 }
  const outflow = new Outflow(socket)
  outflow.mark()
  socket.bufferedAmount = 50
  outflow.look()
  socket.bufferedAmount = 100
  outflow.look()
  expect(outflow.isStuck()).toBe(false)
  outflow.mark()
  expect(outflow.isStuck()).toBe(true)
})
