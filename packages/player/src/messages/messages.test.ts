import { expect, it, describe as suite } from 'vitest'
import { playerStates } from '../constants'
import { PlayerError, type PlayerErrorReason } from '../player-error'
import { describe, type Situation } from './describe'
import { chinese, english, fillLabel, labelsFor } from './labels'

const situation = (over: Partial<Situation>): Situation => ({
  state: 'playing',
  error: null,
  attempt: 0,
  lastReason: 'network',
  everPlayed: false,
  offline: false,
  blocked: null,
  ...over,
})
const failure = (reason: PlayerErrorReason) =>
  new PlayerError({ reason, message: 'for developers' })

suite('labelsFor', () => {
  it('returns Chinese for Chinese language tags and English for all others', () => {
    expect(labelsFor('zh-CN').loading).toBe(chinese.loading)
    expect(labelsFor('ZH').loading).toBe(chinese.loading)
    expect(labelsFor('zha').loading).toBe(english.loading)
    expect(labelsFor('fr').loading).toBe(english.loading)
  })

  it('replaces single texts', () => {
    const labels = labelsFor('en', {
      waiting: 'Back at nine.',
      errors: { auth: { title: 'Sorry.', hint: 'Sign in again.' } },
    })
    expect(labels.waiting).toBe('Back at nine.')
    expect(labels.errors.auth.title).toBe('Sorry.')
    expect(labels.errors.network).toEqual(english.errors.network)
  })

  it('has the same placeholders in both languages', () => {
    const placeholders = (text: string) => text.match(/\{\w+\}/g) ?? []
    for (const key of ['reconnecting', 'playable'] as const) {
      expect(placeholders(english[key])).toHaveLength(1)
      expect(placeholders(chinese[key])).toEqual(placeholders(english[key]))
    }
  })
})

suite('fillLabel', () => {
  it('leaves a placeholder without a value', () => {
    expect(fillLabel('{a} of {b}', { a: 1 })).toBe('1 of {b}')
  })
})

suite('describe', () => {
  it('has a title for every state except idle, paused and playing', () => {
    for (const labels of [english, chinese]) {
      for (const state of playerStates) {
        const { title } = describe(situation({ state, error: failure('network') }), labels)
        const untitled = state === 'idle' || state === 'paused' || state === 'playing'
        expect(title === '', state).toBe(untitled)
      }
    }
  })

  it('distinguishes a stream that has stopped from one that never started', () => {
    expect(describe(situation({ state: 'waiting' }), english).title).toBe(english.waiting)
    expect(describe(situation({ state: 'waiting', everPlayed: true }), english).title).toBe(
      english.stopped,
    )
  })

  it('shows the attempt, or that the device is offline', () => {
    const lost = situation({ state: 'reconnecting', attempt: 3 })
    expect(describe(lost, english).title).toContain('attempt 3')
    expect(describe(lost, chinese).title).toContain('第 3 次')
    expect(describe({ ...lost, offline: true }, english).title).toBe(english.offline)
  })

  it('names the limit of connections, and not a lost connection', () => {
    const held = situation({ state: 'reconnecting', lastReason: 'connection-limit' })
    for (const labels of [english, chinese]) {
      const { title, hint } = labels.errors['connection-limit']
      expect(describe(held, labels)).toMatchObject({ title, detail: hint })
    }
  })

  it('has a title and a hint for every reason', () => {
    for (const reason of Object.keys(english.errors) as PlayerErrorReason[]) {
      for (const labels of [english, chinese]) {
        const message = describe(situation({ state: 'failed', error: failure(reason) }), labels)
        expect(message.title).toBe(labels.errors[reason].title)
        expect(message.detail).toBe(labels.errors[reason].hint)
      }
    }
  })

  it('lists the playable addresses', () => {
    const error = new PlayerError({
      reason: 'unsupported',
      message: '',
      alternatives: [
        { label: 'HTTP-FLV', url: 'https://h/live/a.flv?txSecret=***', playable: true },
        { label: 'HLS', url: 'https://h/live/a.m3u8', playable: false },
      ],
    })
    const { detail } = describe(situation({ state: 'failed', error }), english)
    expect(detail).toContain('https://h/live/a.flv?txSecret=***')
    expect(detail).not.toContain('m3u8')
  })

  it('chooses the action of the button', () => {
    const action = (over: Partial<Situation>) => describe(situation(over), english).action
    expect(action({})).toBeNull()
    expect(action({ blocked: 'sound' })).toBe('unmute')
    expect(action({ state: 'paused', blocked: 'play' })).toBe('play')
    expect(action({ state: 'failed', error: failure('network') })).toBe('retry')
    expect(action({ state: 'failed', error: failure('codec') })).toBeNull()
    expect(action({ state: 'failed', error: failure('network'), blocked: 'sound' })).toBe('retry')
    expect(action({ state: 'ended' })).toBe('retry')
    expect(action({ state: 'idle', blocked: 'sound' })).toBeNull()
    expect(describe(situation({ blocked: 'sound' }), chinese).actionLabel).toBe(chinese.unmute)
  })
})
