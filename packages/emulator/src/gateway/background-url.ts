import { Refusal } from './refusal'

/**
 * `BackgroundUrl` of updatesessionconfig: a picture in JPEG or PNG (1240/100403, 1211/62119). An address whose
 * path names no format may lead to one.
 *
 * @throws Refusal 100001.
 */
export function refuseOtherPictures(address: string | undefined): void {
  if (address === undefined) return
  const url = URL.canParse(address) ? new URL(address) : undefined
  if (url?.protocol !== 'http:' && url?.protocol !== 'https:') {
    throw wrong('an address that begins with https:// or http://')
  }
  const [, format] = /\.([a-z0-9]+)$/i.exec(url.pathname) ?? []
  if (format !== undefined && !/^(?:jpe?g|png)$/i.test(format)) {
    throw wrong(`a picture in jpg, jpeg or png, not ${format.slice(0, 20)}`)
  }
}

function wrong(what: string): Refusal {
  return new Refusal(
    100001,
    `bad request parameter: Payload.SpaceParam.BackgroundUrl must be ${what}`,
  )
}
