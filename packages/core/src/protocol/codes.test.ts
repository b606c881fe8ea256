import { execFile } from 'node:child_process'
import { existsSync } from 'node:fs'
import { fileURLToPath } from 'node:url'
import { promisify } from 'node:util'
import { describe, expect, it } from 'vitest'
import { describeCode, docsPathOf, errorCodes, unknownCode } from './codes'

const root = new URL('../../../../', import.meta.url)

describe('the codes of the service', () => {
  it('are those of 1240/100406 and 1211/62122', () => {
    const documented = [
      ...[-111005, -111004, -111003, -111002, -111001, -101002, -101001, -101000, -100000],
      ...[100000, 100001, 100005, 100008, 100012, 100014, 100015],
      ...[110013, 110014, 110015, 110016, 110018, 110021, 110022],
    ]
    expect(
      Object.keys(errorCodes)
        .map(Number)
        .sort((a, b) => a - b),
    ).toEqual(documented)
  })

  it.each(Object.keys(errorCodes).map(Number))('%i has a meaning and a next step', (code) => {
    const info = describeCode(code)
    expect(info).not.toBe(unknownCode)
    expect(info.meaning).toMatch(/^[a-z].*[^.]$/)
    expect(info.hint).toMatch(/^[A-Z].*\.$/)
  })

  it('tell what may be tried again', () => {
    const retry = (code: number) => describeCode(code).retry
    expect([100012, 100008, 110014, 110013, 100001].map(retry)).toEqual([
      'backoff',
      'after-release',
      'after-event',
      'recreate',
      'never',
    ])
  })

  it('stay themselves when nobody knows them', () => {
    for (const code of [0, 5, 110009, Number.NaN]) {
      expect(describeCode(code)).toBe(unknownCode)
      expect(docsPathOf(code)).toBeUndefined()
    }
  })

  it('have a status that a backend can answer with', () => {
    for (const code of Object.keys(errorCodes).map(Number)) {
      const { httpStatus } = describeCode(code)
      expect(httpStatus, String(code)).toBeGreaterThanOrEqual(400)
      expect(httpStatus, String(code)).toBeLessThan(600)
    }
    const statusOf = (code: number) => describeCode(code).httpStatus
    // What the visitor cannot mend is not the visitor's fault.
    expect([100005, 100008, 100012, 100001, 110018, 110013, 424242].map(statusOf)).toEqual([
      500, 503, 429, 400, 404, 410, 502,
    ])
  })

  it('have a page each, made from this table', async () => {
    for (const code of Object.keys(errorCodes).map(Number)) {
      expect(existsSync(new URL(docsPathOf(code) ?? '', root)), String(code)).toBe(true)
    }
    const script = fileURLToPath(new URL('scripts/generate-error-pages.mjs', root))
    // Rejects with the names of the pages that differ.
    await promisify(execFile)(process.execPath, [script, '--check'])
  }, 30_000)
})
