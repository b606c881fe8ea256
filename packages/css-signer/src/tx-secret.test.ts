import { configErrorOf } from '@ivh-kit/kernel/testing'
import { describe, expect, it } from 'vitest'
import { txSecret } from './tx-secret'

const vectors = [
  {
    source: 'INTL 267/31560',
    key: 'e12c46f2612d5106e2034781ab261ca3',
    streamName: 'test',
    txTime: '5C271099',
    md5: 'f85a2ab363fe4deaffef9754d79da6fe',
    sha256: '2fe51d13bff48deaddd7e4e086265e69d5a04a64db9a2cbc737bd585c472fd07',
  },
  {
    source: 'INTL 267/35598',
    key: 'somestring',
    streamName: 'test',
    txTime: '5c2acacc',
    md5: 'b77e812107e1d8b8f247885a46e1bd34',
    sha256: '903c53eb16853a3c4c858971b6fdfeb1e1f025d4e60662d8f4e5310c6b0a0647',
  },
  {
    source: 'INTL 267/35598, transcoded',
    key: 'somestring',
    streamName: 'test_900',
    txTime: '5c2acacc',
    md5: '4beae959b16c77da6a65c7edda1dfefe',
    sha256: 'ee2f5375108f962982d7ffa7b564808c48bad7c9f68dd06d1d01792c54c34611',
  },
  {
    source: 'Huawei Cloud Live, method B (the same formula)',
    key: 'GCTbw44s6MPLh4GqgDpnfuFHgy25Enly',
    streamName: 'huawei1',
    txTime: '5eed5888',
    md5: '5cdc845362c332a4ec3e09ac5d5571d6',
  },
  {
    source: 'Java sample of CN 267/32720',
    key: 'txrtmp',
    streamName: '11212122',
    txTime: '579ACB15',
    md5: '2133c689c452f0bf81b1a88261f1d9a6',
    sha256: '76e46e24fe802ee76bd65f6b8610b62214ac1a93ea4772ff6b4ed852e5a9222f',
  },
  {
    source: 'PHP sample, UTC+8',
    key: '69e0daf7234b01f257a7adb9f807ae9f',
    streamName: '123456',
    txTime: '57D54927',
    md5: '478a15bf1b25e5c7c5886d2eef220fb8',
  },
  {
    source: 'Go sample, UTC+8',
    key: '69e0daf7234b01f257a7adb9f807ae9f',
    streamName: 'streamname',
    txTime: '626797CF',
    md5: '1e789caea1c4152fb9bf299f100fc2db',
  },
  {
    source: 'the first vector with a lower-case time',
    key: 'e12c46f2612d5106e2034781ab261ca3',
    streamName: 'test',
    txTime: '5c271099',
    md5: '9603387445825a481e6b7496aced5746',
  },
]

describe('txSecret', () => {
  it.each(vectors)('gives the MD5 of $source', ({ key, streamName, txTime, md5 }) => {
    expect(txSecret(key, streamName, txTime)).toBe(md5)
    expect(txSecret(key, streamName, txTime, { algorithm: 'md5' })).toBe(md5)
  })

  it.each(vectors.filter((vector) => vector.sha256 !== undefined))(
    'gives the SHA-256 of $source',
    ({ key, streamName, txTime, sha256 }) => {
      expect(txSecret(key, streamName, txTime, { algorithm: 'sha256' })).toBe(sha256)
    },
  )

  it.each([
    '',
    '0x5C271099',
    '5C27109',
    '15C271099',
    '1546064025',
    '5C27109G',
    ' 5C271099',
    '5C271099\n',
  ])('refuses the txTime %j', (txTime) => {
    expect(() => txSecret('key', 'test', txTime)).toThrow(/eight hex digits/)
  })

  it.each([
    ['a line end', 'key\n'],
    ['a carriage return', 'key\r\n'],
    ['a space', ' key'],
    ['a no-break space', 'key\u00a0'],
    ['a byte order mark', '\ufeffkey'],
    ['a zero-width space', 'k\u200bey'],
    ['a control character', 'key\u0000'],
  ])('refuses a key with %s and does not show it', (_what, key) => {
    const error = configErrorOf(() => txSecret(key, 'test', '5C271099'))
    expect(error.message).toMatch(/^key holds a space, a line end or an invisible character/)
    expect(error.message).not.toContain(key)
  })

  it('refuses an unset key, a number and an unknown algorithm', () => {
    const unset: { key?: string } = {}
    // @ts-expect-error a key that may be undefined
    expect(() => txSecret(unset.key, 'test', '5C271099')).toThrow(/key is of type undefined/)
    expect(() => txSecret('', 'test', '5C271099')).toThrow(/key is empty/)
    // @ts-expect-error a time as a number
    expect(() => txSecret('key', 'test', 12345678)).toThrow(/eight hex digits/)
    // @ts-expect-error an algorithm of Node
    expect(() => txSecret('key', 'test', '5C271099', { algorithm: 'sha1' })).toThrow(/algorithm/)
    expect(() => txSecret('key', 'te/st', '5C271099')).toThrow(/StreamName contains "\/"/)
  })
})
