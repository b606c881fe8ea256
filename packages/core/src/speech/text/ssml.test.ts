import { describe, expect, it, vi } from 'vitest'
import { ssml } from './ssml'

describe('ssml', () => {
  it('escapes what is put in, and takes other SSML as it is', () => {
    const action = ssml`<insert-action type="${'waving_hand'}"/>`
    expect(String(ssml`<speak>${'Tom & "Jerry" <3'} ${action}${7}</speak>`)).toBe(
      '<speak>Tom &amp; &quot;Jerry&quot; &lt;3 <insert-action type="waving_hand"/>7</speak>',
    )
  })

  it('takes what another installed copy of the package made', async () => {
    vi.resetModules()
    const other = await import('./ssml')
    expect(String(ssml`Wait.${other.ssml`<break time="1s"/>`}`)).toBe('Wait.<break time="1s"/>')
  })

  it.each([
    '<phoneme alphabet="py" ph="ni3 hao3">你好</phoneme>',
    'Wait.<break time="9s"/><break time="50ms" strength="x-weak"/><break/>',
    '<word>go <insert-action type="a"/></word>',
    "<sub alias='television'>TV</sub>",
    '<say-as interpret-as="telephone">10086</say-as>',
  ])('takes %s', (markup) => {
    expect(String(ssml(Object.assign([markup], { raw: [markup] })))).toBe(markup)
  })

  it('takes entities of XML, tabs and ends of lines', () => {
    const markup = 'R&amp;B\t&#33;\r\n&#x1F600;'
    expect(String(ssml(Object.assign([markup], { raw: [markup] })))).toBe(markup)
  })

  it.each([
    [null, /value 1 is null/],
    [undefined, /value 1 is undefined/],
    [{}, /value 1 is a\(n\) object/],
    ['a\u0000', /the character U\+0000/],
  ])('refuses %j for a value', (value, message) => {
    expect(() => ssml`${value as string}`).toThrow(message)
  })

  it.each([
    ['<b>x</b>', /<b> is not a tag that IVH documents/],
    ['1 < 2', /is not a tag/],
    ['<sub>x</sub>', /<sub> needs alias/],
    ['<sub alias="a" lang="b">x</sub>', /<sub> has no attribute lang/],
    ['<break time="10s"/>', /time of <break> must be whole seconds/],
    ['<break time="49ms"/>', /must be/],
    ['<break>', /is empty/],
    ['<word>x', /<word> is not closed/],
    ['<word>x</sub>', /closes nothing/],
    ['<word/>', /nothing to be spoken/],
    ['<word><break/></word>', /must not stand inside <word>/],
    ['<say-as interpret-as="poem">x</say-as>', /interpret-as of <say-as> must be one of/],
    ['<phoneme alphabet="py" ph="ni hao">你好</phoneme>', /pinyin with a tone/],
    ['<word><speak>x</speak></word>', /<speak> must be outermost/],
    ['<constructor>x</constructor>', /not a tag/],
    ['Tom & Jerry', /"& Jerry" is not an entity of XML: write &amp;/],
    ['a&nbsp;b', /"&nbsp;b" is not an entity of XML/],
    ['<sub alias="R&B">x</sub>', /"&B/],
    ['<sub alias="a" alias="b">x</sub>', /<sub> has alias twice/],
    ['a\u0007b', /the character U\+0007/],
    ['a\uD83Db', /the character U\+D83D/],
  ])('refuses %s', (markup, message) => {
    expect(() => ssml(Object.assign([markup], { raw: [markup] }))).toThrow(message)
  })
})
