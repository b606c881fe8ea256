import { describe, expect, it, vi } from 'vitest'
import { runCommand } from './command'

const nobody = ['doctor', '--base-url', 'http://127.0.0.1:1']

async function run(...args: string[]) {
  const output = { log: vi.fn<(text: string) => void>(), error: vi.fn<(text: string) => void>() }
  const code = await runCommand(args, output)
  const text = (calls: readonly (readonly string[])[]) => calls.flat().join('\n')
  return { code, log: text(output.log.mock.calls), error: text(output.error.mock.calls) }
}

describe('the command', () => {
  it('helps', async () => {
    const { code, log } = await run('--help')
    expect(code).toBe(0)
    expect(log).toContain('IVH_ACCESS_TOKEN')
  })

  it.each([
    [[], /Say what to do/],
    [['docter'], /"docter" is not a command/],
    [['doctor', 'now'], /"doctor now" is not a command/],
    [['doctor', '--colour'], /Unknown option '--colour'/],
    [['doctor', '--region', 'mars'], /--region is "mars"/],
  ])('refuses %j and shows how it is used', async (args, what) => {
    const { code, error, log } = await run(...args)
    expect(code).toBe(2)
    expect(error).toMatch(what)
    expect(error).toContain('Usage: ivh doctor')
    expect(log).toBe('')
  })

  it('exits with 1 for a problem, in words and in JSON', async () => {
    const words = await run(...nobody)
    expect(words).toMatchObject({ code: 1, error: '' })
    expect(words.log).toContain('✗ gateway')
    const json = await run(...nobody, '--json')
    expect(json.code).toBe(1)
    expect(JSON.parse(json.log)).toMatchObject({
      healthy: false,
      findings: expect.arrayContaining([expect.objectContaining({ check: 'gateway' })]),
    })
  })
})
