import { describe, expect, it } from 'vitest'
import { bearerTicket, sameTicket } from './tickets'

describe('sameTicket', () => {
  const ticket = '0123456789abcdef'.repeat(4)

  it('takes the ticket', () => {
    expect(sameTicket(ticket, ticket)).toBe(true)
  })

  it.each([
    ['nothing', ''],
    ['its beginning', ticket.slice(0, -1)],
    ['more than it', `${ticket}0`],
    ['it twice', ticket + ticket],
    ['another first character', `1${ticket.slice(1)}`],
    ['another last character', `${ticket.slice(0, -1)}0`],
    ['upper case', ticket.toUpperCase()],
  ])('refuses %s', (_what, given) => {
    expect(sameTicket(given, ticket)).toBe(false)
  })

  it('looks at every character, wherever the first difference is', () => {
    const lookedAt = (given: string) => {
      let reads = 0
      const counting = {
        length: ticket.length,
        charCodeAt: (index: number) => {
          reads += 1
          return ticket.charCodeAt(index)
        },
      } as string
      sameTicket(given, counting)
      return reads
    }
    const reads = [`x${ticket.slice(1)}`, `${ticket.slice(0, -1)}x`, ticket].map(lookedAt)
    expect(reads).toEqual([64, 64, 64])
  })
})

describe('bearerTicket', () => {
  it.each([
    ['Bearer abc', 'abc'],
    ['bearer  abc', 'abc'],
    ['Basic abc', ''],
    ['Bearer', ''],
    ['Bearer a b', ''],
  ])('of "%s" is "%s"', (authorization, ticket) => {
    expect(bearerTicket(new Request('http://shop.test', { headers: { authorization } }))).toBe(
      ticket,
    )
  })

  it('is empty without the header', () => {
    expect(bearerTicket(new Request('http://shop.test'))).toBe('')
  })
})
