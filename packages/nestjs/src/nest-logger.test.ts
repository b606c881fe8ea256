import { Logger } from '@nestjs/common'
import { afterEach, expect, it, vi } from 'vitest'
import { createNestLogger } from './nest-logger'

afterEach(() => {
  Logger.overrideLogger(false)
})

it.each(['debug', 'warn', 'error'] as const)('logs %s messages at the same level', (level) => {
  const nest = { log: vi.fn(), debug: vi.fn(), warn: vi.fn(), error: vi.fn() }
  Logger.overrideLogger(nest)
  createNestLogger()[level]('something happened')
  // For an error Nest inserts a stack, which is undefined here.
  const [call] = nest[level].mock.calls
  expect(call?.filter((part) => part !== undefined)).toEqual(['something happened', 'Ivh'])
})
