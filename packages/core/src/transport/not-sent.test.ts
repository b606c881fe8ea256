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
  failed({ code: 'DEPTH_ZERO_SELF_SIGNED_CERT' }),
  failed({ code: 'SELF_SIGNED_CERT_IN_CHAIN' }),
  failed({ code: 'UNABLE_TO_VERIFY_LEAF_SIGNATURE' }),
  failed({ code: 'UNABLE_TO_GET_ISSUER_CERT_LOCALLY' }),
  failed({ code: 'CERT_HAS_EXPIRED' }),
  failed({ code: 'CERT_NOT_YET_VALID' }),
  failed({ code: 'CRL_HAS_EXPIRED' }),
  failed({ code: 'ERROR_IN_CERT_NOT_AFTER_FIELD' }),
  failed({ code: 'HOSTNAME_MISMATCH' }),
  failed({ code: 'INVALID_CA' }),
  failed({ code: 'ERR_TLS_CERT_ALTNAME_INVALID' }),
  failed({ code: 'UND_ERR_PRX_TLS' }),
  Object.assign(new AggregateError([failed({ code: 'ECONNREFUSED' })]), { code: 'ECONNREFUSED' }),
])('wasNotSent returns true for %o', (cause) => expect(wasNotSent(cause)).toBe(true))

it.each([
  failed({ code: 'ECONNRESET' }),
  failed({ code: 'ECONNRESET', syscall: 'read' }),
  failed({ code: 'ETIMEDOUT', syscall: 'write' }),
  failed({ code: 'EHOSTUNREACH' }),
  failed({ code: 'UND_ERR_SOCKET' }),
  failed({ code: 'UND_ERR_ABORTED' }),
  failed({ code: 'ERR_SSL_TLSV13_ALERT_CERTIFICATE_REQUIRED' }),
  new AggregateError([failed({ code: 'ECONNREFUSED' }), failed({ code: 'ECONNRESET' })]),
  new AggregateError([]),
  new Error('ECONNREFUSED'),
  'ECONNREFUSED',
  null,
  undefined,
])('wasNotSent returns false for %o', (cause) => expect(wasNotSent(cause)).toBe(false))
