import { describe, expect, it } from 'vitest'
import { bearerTicket, sameTicket } from './tickets'

describe('sameTicket', () => {
  const ticket = '0123456789abcdef'.repeat(4)

  it('accepts the ticket', () => {
    expect(sameTicket(ticket, ticket)).toBe(true)
  })

  it.each([
    ['an empty text', ''],
    ['a shortened ticket', ticket.slice(0, -1)],
    ['a longer ticket', `${ticket}0`],
    ['the ticket twice', ticket + ticket],
    ['another first character', `1${ticket.slice(1)}`],
    ['another last character', `${ticket.slice(0, -1)}0`],
    ['upper case', ticket.toUpperCase()],
  ])('rejects %s', (_what, given) => {
    expect(sameTicket(given, ticket)).toBe(false)
  })

  it('reads every character, wherever the first difference is', () => {
    const countReads = (given: string) => {
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
    const reads = [`x${ticket.slice(1)}`, `${ticket.slice(0, -1)}x`, ticket].map(countReads)
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
  ])('reads "%s" as "%s"', (authorization, ticket) => {
    expect(bearerTicket(new Request('http://shop.test', { headers: { authorization } }))).toBe(
      ticket,
    )
  })

  it('returns an empty text without the header', () => {
    expect(bearerTicket(new Request('http://shop.test'))).toBe('')
  })
})
