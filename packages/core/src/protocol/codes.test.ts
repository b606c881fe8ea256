import { execFile } from 'node:child_process'
import { existsSync } from 'node:fs'
import { fileURLToPath } from 'node:url'
import { promisify } from 'node:util'
import { describe, expect, it } from 'vitest'
import { describeCode, docsPathOf, errorCodes, unknownCode } from './codes'

const root = new URL('../../../../', import.meta.url)

describe('error codes', () => {
  it('are the codes of 1240/100406 and 1211/62122', () => {
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

  it.each(Object.keys(errorCodes).map(Number))('include a meaning and a hint for %i', (code) => {
    const info = describeCode(code)
    expect(info).not.toBe(unknownCode)
    expect(info.meaning).toMatch(/^[a-z].*[^.]$/)
    expect(info.hint).toMatch(/^[A-Z].*\.$/)
  })

  it('have a retry class', () => {
    const retry = (code: number) => describeCode(code).retry
    expect([100012, 100008, 110014, 110013, 100001].map(retry)).toEqual([
      'backoff',
      'after-release',
      'after-event',
      'recreate',
      'never',
    ])
  })

  it('are described as unknown when they are undocumented', () => {
    for (const code of [0, 5, 110009, Number.NaN]) {
      expect(describeCode(code)).toBe(unknownCode)
      expect(docsPathOf(code)).toBeUndefined()
    }
  })

  it('have an HTTP status for a backend’s response', () => {
    for (const code of Object.keys(errorCodes).map(Number)) {
      const { httpStatus } = describeCode(code)
      expect(httpStatus, String(code)).toBeGreaterThanOrEqual(400)
      expect(httpStatus, String(code)).toBeLessThan(600)
    }
    const statusOf = (code: number) => describeCode(code).httpStatus
    // Expect 5xx for an error of the backend: a 4xx status would blame the visitor.
    expect([100005, 100008, 100012, 100001, 110018, 110013, 424242].map(statusOf)).toEqual([
      500, 503, 429, 400, 404, 410, 502,
    ])
  })

  it('have one generated page each', async () => {
    for (const code of Object.keys(errorCodes).map(Number)) {
      expect(existsSync(new URL(docsPathOf(code) ?? '', root)), String(code)).toBe(true)
    }
    const script = fileURLToPath(new URL('scripts/generate-error-pages.mjs', root))
    // Run the check, which rejects with the names of outdated pages.
    await promisify(execFile)(process.execPath, [script, '--check'])
  }, 30_000)
})
