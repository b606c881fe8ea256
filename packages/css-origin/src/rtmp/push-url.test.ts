import { expect, it } from 'vitest'
import { parsePushUrl } from './push-url'

it('keeps the query in the publish name and removes it from the printable address', () => {
  expect(parsePushUrl('rtmp://push.example.com/live/m1?txSecret=abc&txTime=5C271099')).toEqual({
    host: 'push.example.com',
    port: 1935,
    app: 'live',
    streamName: 'm1',
    publishName: 'm1?txSecret=abc&txTime=5C271099',
    tcUrl: 'rtmp://push.example.com/live',
    printable: 'rtmp://push.example.com/live/m1',
  })
})

it.each([
  ['rtmp://127.0.0.1:40123/live/m1', 40123],
  ['rtmp://127.0.0.1:80/live/m1', 80],
  ['RTMP://127.0.0.1/live/m1', 1935],
])('parses the port of %s: %i', (url, port) => {
  expect(parsePushUrl(url)?.port).toBe(port)
})

it('removes the brackets of an IPv6 host', () => {
  expect(parsePushUrl('rtmp://[::1]:1940/live/m1')).toMatchObject({
    host: '::1',
    tcUrl: 'rtmp://[::1]:1940/live',
  })
})

it('accepts an application with two parts', () => {
  expect(parsePushUrl('rtmp://h/a/b/m1')).toMatchObject({ app: 'a/b', streamName: 'm1' })
})

it.each(['', 'http://h/live/m1', 'rtmp://h/m1', 'rtmp://h', 'rtmp:///live/m1', 'rtmps://h/live/m'])(
  'refuses %j',
  (url) => {
    expect(parsePushUrl(url)).toBeUndefined()
  },
)
