import { describe, expect, it } from 'vitest'
import { type PlayerState, playerStates } from '../constants'
import { nextState, type SessionSignal } from './next-state'

const follow = (start: PlayerState, ...signals: SessionSignal[]) => signals.reduce(nextState, start)

describe('nextState', () => {
  it('follows the life of a stream', () => {
    expect(follow('idle', 'connect')).toBe('loading')
    expect(follow('idle', 'connect', 'not-live')).toBe('waiting')
    expect(follow('idle', 'connect', 'not-live', 'connect')).toBe('waiting')
    expect(follow('idle', 'connect', 'not-live', 'connect', 'progress')).toBe('playing')
    expect(follow('playing', 'stall')).toBe('stalled')
    expect(follow('playing', 'stall', 'progress')).toBe('playing')
    expect(follow('playing', 'lost', 'connect')).toBe('reconnecting')
    expect(follow('playing', 'lost', 'not-live')).toBe('waiting')
    expect(follow('waiting', 'end')).toBe('ended')
    expect(follow('reconnecting', 'fail')).toBe('failed')
    expect(follow('failed', 'connect')).toBe('loading')
    expect(follow('idle', 'hold')).toBe('paused')
    expect(follow('paused', 'connect', 'progress', 'pause')).toBe('paused')
  })

  it('is idle after the source is removed in any state', () => {
    for (const state of playerStates) expect(nextState(state, 'clear')).toBe('idle')
  })

  it('ignores late events of an ended connection', () => {
    const late: SessionSignal[] = ['progress', 'stall', 'not-live', 'lost', 'pause', 'end']
    for (const state of ['idle', 'failed', 'ended'] as const) {
      for (const signal of late) expect(nextState(state, signal)).toBe(state)
    }
    expect(nextState('idle', 'fail')).toBe('idle')
    expect(nextState('paused', 'progress')).toBe('paused')
  })

  it('stalls only while playing', () => {
    expect(nextState('loading', 'stall')).toBe('loading')
    expect(nextState('waiting', 'stall')).toBe('waiting')
  })
})
