import { expect, it } from 'vitest'
import { wasNotSent } from './not-sent'

const failed = (fields: object) => Object.assign(new Error('x'), fields)

it.each([
  failed({ code: 'ECONNREFUSED' }),
  failed({ code: 'ENOTFOUND' }),
  failed({ code: 'EAI_AGAIN' }),
  failed({ code: 'UND_ERR_CONNECT_TIMEOUT' }),
  failed({ code: 'ETIMEDOUT', syscall: 'connect' }),
  failed({ code: 'ENODATA', syscall: 'getaddrinfo' }),
  Object.assign(new AggregateError([failed({ code: 'ECONNREFUSED' })]), { code: 'ECONNREFUSED' }),
])('%o comes before the request', (cause) => expect(wasNotSent(cause)).toBe(true))

it.each([
  failed({ code: 'ECONNRESET' }),
  failed({ code: 'ECONNRESET', syscall: 'read' }),
  failed({ code: 'ETIMEDOUT', syscall: 'write' }),
  failed({ code: 'EHOSTUNREACH' }),
  failed({ code: 'UND_ERR_SOCKET' }),
  new AggregateError([failed({ code: 'ECONNREFUSED' }), failed({ code: 'ECONNRESET' })]),
  new AggregateError([]),
  new Error('ECONNREFUSED'),
  'ECONNREFUSED',
  null,
  undefined,
])('%o may come after it', (cause) => expect(wasNotSent(cause)).toBe(false))
