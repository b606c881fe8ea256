import { expect, it, describe as suite } from 'vitest'
import { PlayerStates } from '../constants'
import { PlayerError, type PlayerErrorReason } from '../player-error'
import { describe, type Situation } from './describe'
import { CHINESE, ENGLISH, fillLabel, labelsFor } from './labels'

const situation = (over: Partial<Situation>): Situation => ({
  state: 'playing',
  error: null,
  attempt: 0,
  everPlayed: false,
  offline: false,
  blocked: null,
  ...over,
})
const failure = (reason: PlayerErrorReason) =>
  new PlayerError({ reason, message: 'for developers' })

suite('labelsFor', () => {
  it('speaks Chinese to every Chinese tag and English to the rest', () => {
    expect(labelsFor('zh-CN').loading).toBe(CHINESE.loading)
    expect(labelsFor('ZH').loading).toBe(CHINESE.loading)
    expect(labelsFor('zha').loading).toBe(ENGLISH.loading)
    expect(labelsFor('fr').loading).toBe(ENGLISH.loading)
  })

  it('lets a page replace single words', () => {
    const labels = labelsFor('en', {
      waiting: 'Back at nine.',
      errors: { auth: { title: 'Sorry.', next: 'Sign in again.' } },
    })
    expect(labels.waiting).toBe('Back at nine.')
    expect(labels.errors.auth.title).toBe('Sorry.')
    expect(labels.errors.network).toEqual(ENGLISH.errors.network)
  })

  it('has the same places to fill in in both languages', () => {
    const places = (text: string) => text.match(/\{\w+\}/g) ?? []
    for (const key of ['reconnecting', 'playable'] as const) {
      expect(places(ENGLISH[key])).toHaveLength(1)
      expect(places(CHINESE[key])).toEqual(places(ENGLISH[key]))
    }
  })
})

suite('fillLabel', () => {
  it('fills what it knows and leaves the rest', () => {
    expect(fillLabel('{a} of {b}', { a: 1 })).toBe('1 of {b}')
  })
})

suite('describe', () => {
  it('leaves no state unexplained in either language, except those that explain themselves', () => {
    for (const labels of [ENGLISH, CHINESE])
      for (const state of Object.values(PlayerStates)) {
        const { title } = describe(situation({ state, error: failure('network') }), labels)
        const plain = state === 'idle' || state === 'paused' || state === 'playing'
        expect(title === '', state).toBe(plain)
      }
  })

  it('tells a stream that never ran from one that stopped', () => {
    expect(describe(situation({ state: 'waiting' }), ENGLISH).title).toBe(ENGLISH.waiting)
    expect(describe(situation({ state: 'waiting', everPlayed: true }), ENGLISH).title).toBe(
      ENGLISH.stopped,
    )
  })

  it('counts attempts, and says when it is the device that is offline', () => {
    const lost = situation({ state: 'reconnecting', attempt: 3 })
    expect(describe(lost, ENGLISH).title).toContain('attempt 3')
    expect(describe(lost, CHINESE).title).toContain('第 3 次')
    expect(describe({ ...lost, offline: true }, ENGLISH).title).toBe(ENGLISH.offline)
  })

  it('gives a title and a next step for every reason, never the developer’s sentence', () => {
    for (const reason of Object.keys(ENGLISH.errors) as PlayerErrorReason[])
      for (const labels of [ENGLISH, CHINESE]) {
        const message = describe(situation({ state: 'failed', error: failure(reason) }), labels)
        expect(message.title).toBe(labels.errors[reason].title)
        expect(message.detail).toBe(labels.errors[reason].next)
      }
  })

  it('names the addresses that play', () => {
    const error = new PlayerError({
      reason: 'unsupported',
      message: '',
      alternatives: [
        { label: 'HTTP-FLV', url: 'https://h/live/a.flv?txSecret=***', playable: true },
        { label: 'HLS', url: 'https://h/live/a.m3u8', playable: false },
      ],
    })
    const { detail } = describe(situation({ state: 'failed', error }), ENGLISH)
    expect(detail).toContain('https://h/live/a.flv?txSecret=***')
    expect(detail).not.toContain('m3u8')
  })

  it('offers what can be done', () => {
    const action = (over: Partial<Situation>) => describe(situation(over), ENGLISH).action
    expect(action({})).toBeNull()
    expect(action({ blocked: 'sound' })).toBe('unmute')
    expect(action({ state: 'paused', blocked: 'play' })).toBe('play')
    expect(action({ state: 'failed', error: failure('network') })).toBe('retry')
    expect(action({ state: 'failed', error: failure('codec') })).toBeNull()
    expect(action({ state: 'failed', error: failure('network'), blocked: 'sound' })).toBe('retry')
    expect(action({ state: 'ended' })).toBe('retry')
    expect(action({ state: 'idle', blocked: 'sound' })).toBeNull()
    expect(describe(situation({ blocked: 'sound' }), CHINESE).actionLabel).toBe(CHINESE.unmute)
  })
})
