import { describe, expect, it, vi } from 'vitest'
import { runCommand } from './command'

const unreachable = ['doctor', '--base-url', 'http://127.0.0.1:1']

async function run(...args: string[]) {
  const output = { log: vi.fn<(text: string) => void>(), error: vi.fn<(text: string) => void>() }
  const code = await runCommand(args, output)
  const text = (calls: readonly (readonly string[])[]) => calls.flat().join('\n')
  return { code, log: text(output.log.mock.calls), error: text(output.error.mock.calls) }
}

describe('the ivh command', () => {
  it('prints its help', async () => {
    const { code, log } = await run('--help')
    expect(code).toBe(0)
    expect(log).toContain('IVH_ACCESS_TOKEN')
  })

  it.each([
    [[], /Give a command: ivh doctor\./],
    [['docter'], /"docter" is not a command/],
    [['doctor', 'now'], /"doctor now" is not a command/],
    [['doctor', '--colour'], /Unknown option '--colour'/],
    [['doctor', '--region', 'mars'], /--region is "mars"/],
  ])('rejects %j and prints its usage', async (args, message) => {
    const { code, error, log } = await run(...args)
    expect(code).toBe(2)
    expect(error).toMatch(message)
    expect(error).toContain('Usage: ivh doctor')
    expect(log).toBe('')
  })

  it('exits with 1 after a problem and reports it as text or JSON', async () => {
    const text = await run(...unreachable)
    expect(text).toMatchObject({ code: 1, error: '' })
    expect(text.log).toContain('✗ gateway')
    const json = await run(...unreachable, '--json')
    expect(json.code).toBe(1)
    expect(JSON.parse(json.log)).toMatchObject({
      healthy: false,
      findings: expect.arrayContaining([expect.objectContaining({ check: 'gateway' })]),
    })
  })
})
