import { Refusal } from './refusal'

/**
 * Checks `BackgroundUrl` of updatesessionconfig: a picture in JPEG or PNG (1240/100403, 1211/62119). A path
 * without a file extension is accepted.
 *
 * @throws Refusal 100001.
 */
export function checkBackgroundUrl(address: string | undefined): void {
  if (address === undefined) return
  const url = URL.canParse(address) ? new URL(address) : undefined
  if (url?.protocol !== 'http:' && url?.protocol !== 'https:') {
    throw wrongUrl('an address that begins with https:// or http://')
  }
  const [, format] = /\.([a-z0-9]+)$/i.exec(url.pathname) ?? []
  if (format !== undefined && !/^(?:jpe?g|png)$/i.test(format)) {
    throw wrongUrl(`a picture in jpg, jpeg or png, not ${format.slice(0, 20)}`)
  }
}

function wrongUrl(expected: string): Refusal {
  return new Refusal(
    100001,
    `bad request parameter: Payload.SpaceParam.BackgroundUrl must be ${expected}`,
  )
}
