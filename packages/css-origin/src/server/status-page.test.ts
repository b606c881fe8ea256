import { expect, it } from 'vitest'
import { statusPage } from './status-page'
import { watchPage } from './watch-page'

it('escapes the names of streams', async () => {
  const stream = {
    app: 'live',
    name: '"><script>alert(1)</script>',
    publishedAt: new Date(0),
    viewers: 2,
    bytesIn: 1_500_000,
    videoTags: 1,
    audioTags: 1,
  }
  const page = String(await statusPage([stream], 61_000))
  expect(page).not.toContain('<script>')
  expect(page).toContain('/watch/live/%22%3E%3Cscript%3E')
  expect(page).toContain('61 s')
  expect(page).toContain('1.5 MB')
})

it('escapes names on the page of one stream', async () => {
  const page = String(await watchPage('live', '"><script>alert(1)</script>'))
  expect(page).not.toContain('<script>alert')
  expect(page).toContain('&lt;script&gt;alert(1)')
})
