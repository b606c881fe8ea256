import { describe, expect, it } from 'vitest'
import { type PlayerState, PlayerStates } from '../constants'
import { nextState, type SessionSignal } from './next-state'

const follow = (start: PlayerState, ...signals: SessionSignal[]) => signals.reduce(nextState, start)

describe('nextState', () => {
  it('goes through the life of a stream', () => {
    expect(follow('idle', 'connect')).toBe('loading')
    expect(follow('idle', 'connect', 'not-live')).toBe('waiting')
    expect(follow('idle', 'connect', 'not-live', 'connect')).toBe('waiting')
    expect(follow('idle', 'connect', 'not-live', 'connect', 'progress')).toBe('playing')
    expect(follow('playing', 'standstill')).toBe('stalled')
    expect(follow('playing', 'standstill', 'progress')).toBe('playing')
    expect(follow('playing', 'lost', 'connect')).toBe('reconnecting')
    expect(follow('playing', 'lost', 'not-live')).toBe('waiting')
    expect(follow('waiting', 'end')).toBe('ended')
    expect(follow('reconnecting', 'fail')).toBe('failed')
    expect(follow('failed', 'connect')).toBe('loading')
    expect(follow('idle', 'hold')).toBe('paused')
    expect(follow('paused', 'connect', 'progress', 'pause')).toBe('paused')
  })

  it('is idle after the source is removed, from everywhere', () => {
    for (const state of Object.values(PlayerStates)) expect(nextState(state, 'clear')).toBe('idle')
  })

  it('does not let late events of a dead connection revive it', () => {
    const late: SessionSignal[] = ['progress', 'standstill', 'not-live', 'lost', 'pause', 'end']
    for (const state of ['idle', 'failed', 'ended'] as const)
      for (const signal of late) expect(nextState(state, signal)).toBe(state)
    expect(nextState('idle', 'fail')).toBe('idle')
    expect(nextState('paused', 'progress')).toBe('paused')
  })

  it('calls nothing stalled that has not played', () => {
    expect(nextState('loading', 'standstill')).toBe('loading')
    expect(nextState('waiting', 'standstill')).toBe('waiting')
  })
})
