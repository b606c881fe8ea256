import { describe, expect, it } from 'vitest'
import { id, setUpChannel } from '../testing/channel'
import { spokenMilliseconds, withoutTags } from './ssml'

const taken = [
  '<speak>Hi<break time="1s"/>there</speak>',
  'no <word>speak</word> around it',
  '<phoneme alphabet="py" ph="ni3 hao3">你好</phoneme>',
  'a<break/>b<break strength="x-strong"/>c<break time="50ms"/>d<break time="9000ms"/>e<break time="9s"/>',
  '<sub alias=\'World Health Organization\'>WHO <insert-action type="wave"/></sub>',
  '<word>hello<insert-action type="wave"/></word>',
  '<say-as interpret-as="digits">110</say-as>',
  '1 < 2, 3 > 2, I <3 you & R&D',
]

const refused = [
  ['an unknown tag', '<prosody rate="fast">x</prosody>', '<prosody> is not a documented tag'],
  ['a tag of HTML', 'a <b>bold</b> word', '<b> is not a documented tag'],
  ['a tag in capitals', '<BREAK/>', '<BREAK> is not a documented tag'],
  ['a comment', 'a <!-- b --> c', 'not a complete tag'],
  ['an unknown attribute', '<break length="1s"/>', '<break> has no attribute length'],
  ['an attribute of objects', '<break constructor="1s"/>', 'has no attribute constructor'],
  ['an attribute that is missing', '<sub>WHO</sub>', '<sub> needs alias'],
  ['an attribute twice', '<break time="1s" time="2s"/>', 'has time twice'],
  ['an attribute without quotes', '<break time=1s/>', 'not a complete tag'],
  ['a pause of 10 s', '<break time="10s"/>', 'time="10s" of <break> must be whole seconds'],
  ['a pause of half a second', '<break time="0.5s"/>', 'from 1s to 9s'],
  ['a pause of 49 ms', '<break time="49ms"/>', 'from 50ms to 9000ms'],
  ['a pause of 9001 ms', '<break time="9001ms"/>', 'from 50ms to 9000ms'],
  ['another strength', '<break strength="loud"/>', 'x-weak, weak, medium'],
  ['pinyin without a tone', '<phoneme alphabet="py" ph="ni">你</phoneme>', 'a tone of 1 to 5'],
  ['another alphabet', '<phoneme alphabet="ipa" ph="ni3">你</phoneme>', 'alphabet="ipa"'],
  ['another kind of saying', '<say-as interpret-as="ordinal">1</say-as>', 'one of cardinal'],
  ['a tag that is not closed', '<speak>hello', '<speak> is not closed'],
  ['a tag that is cut off', 'hello <break time="1s"', 'not a complete tag'],
  ['tags that overlap', '<speak><word>a</speak></word>', '</speak> stands in the place of </word>'],
  ['an end without a beginning', 'a</speak>', '</speak> closes nothing'],
  ['a break that holds text', '<break>a</break>', '<break> must be empty'],
  ['a word that holds none', '<word/>', '<word/> needs a text'],
  ['a break in a word', '<word>a<break/></word>', '<break> is not allowed in <word>'],
] as const

describe('SSML', () => {
  it.each(taken)('accepts %s', async (text) => {
    const { channel } = await setUpChannel()
    channel.text(id(1), text)
    expect(channel.errors).toEqual([])
    expect(channel.states).toEqual(['1 WaitingTextStart'])
  })

  it.each(refused)('refuses %s', async (_what, text, why) => {
    const { channel } = await setUpChannel()
    channel.text(id(1), text)
    expect(channel.errors).toEqual([{ code: 100001, text: expect.stringContaining(why) }])
    expect(channel.states).toEqual([])
  })

  it('is refused over HTTP and in a sentence, and the next text may follow at once', async () => {
    const { channel, say, sessionId } = await setUpChannel()
    expect(await say(sessionId, { Text: '<b>x</b>' })).toMatchObject({
      Code: 100001,
      Message: expect.stringMatching(
        /Payload\.Data\.Text.*<b> is not a documented tag.*ssml: 'lenient'/,
      ),
    })
    expect(await say(sessionId, { Text: 'x' })).toMatchObject({ Code: 0 })
    channel.stream(id(2), 1, 'Well, <b>this</b> is it.', { IsSentence: true })
    expect(channel.errors).toEqual([{ code: 100001, text: expect.stringContaining('<b>') }])
  })

  it('is only logged with ssml lenient', async () => {
    const { channel, gateway } = await setUpChannel({ ssml: 'lenient' })
    channel.text(id(1), 'a <b>bold</b> word')
    expect(channel.errors).toEqual([])
    expect(channel.states).toEqual(['1 WaitingTextStart'])
    expect(gateway.events.map(({ text }) => text)).toContainEqual(
      expect.stringMatching(/the SSML is not as documented: <b> is not a documented tag/),
    )
  })

  it('has the duration of its words, aliases and pauses', () => {
    expect(spokenMilliseconds('<speak>ab<break time="1s"/>cd<break time="300ms"/></speak>')).toBe(
      4 * 70 + 1_300,
    )
    expect(spokenMilliseconds('<break time="9999s"/><break time="9999ms"/>')).toBe(2 * 9_000)
    expect(spokenMilliseconds('<sub alias="four">abcdefg</sub>')).toBe(4 * 70)
    expect(withoutTags('<speak>ab<break/>c, 1 < 2</speak>')).toBe('abc, 1 < 2')
  })
})
