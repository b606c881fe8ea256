import { checkKnownOptions } from '@ivh-kit/kernel'
import { hexDigest } from './digest'
import { type Expiry, expirySeconds } from './expiry'
import { type PlayOptions, type PlayUrls, playUrls } from './play-urls'
import { type PushUrls, pushUrls, type Signature } from './push-urls'
import {
  type CssSignerOptions,
  checkOptions,
  missing,
  type Side,
  type SideSettings,
  type SignerSettings,
} from './signer-options'
import { warningsFor } from './signer-warning'
import { checkName, checkTemplate } from './stream-name'
import type { Verification } from './verify-tx-secret'
import { type UrlRejection, verifyUrl } from './verify-url'

/**
 * Default lifetime of a push URL, in seconds. The vendor advises 12 to 24 h, so that a push can reconnect (CN
 * 267/32720).
 */
const pushLifetime = 86_400

/**
 * Default lifetime of a play URL, in seconds. The vendor advises about the length of a session
 * (INTL 267/35598): shorter than a push, because play URLs reach browsers, and long enough for HLS, which
 * stops at the end of its URL.
 */
const playLifetime = 7_200

/** Signs and verifies the URLs of one push domain and one play domain. */
export interface CssSigner {
  /**
   * Signs the push of a stream, in every push form.
   *
   * @param streamName - Letters, digits and `. _ ~ -`, at most 255.
   * @param expiry - Default: 24 hours from now.
   * @throws IvhConfigError without `pushDomain` and `pushKey`, or for a malformed name or expiry.
   */
  push(streamName: string, expiry?: Expiry): PushUrls
  /**
   * Signs the playback of a stream, in every pull protocol. Without a `playKey` the URLs are unsigned, and an
   * expiry has no effect.
   *
   * @param streamName - Letters, digits and `. _ ~ -`, at most 255, together with the template.
   * @param options - Expiry (default: 2 hours from now), template, unsigned parameters.
   * @throws IvhConfigError without `playDomain`, or for a malformed name, template or expiry.
   */
  play(streamName: string, options?: PlayOptions): PlayUrls
  /**
   * Verifies a push or play URL in any form of this signer, and `.mpd`: parameters in any order, signed with
   * the main or the backup key, by MD5 or SHA-256.
   *
   * @param url - The complete URL as received. For a Node request: `http://${host}${request.url}`.
   * @param options - `kind` is the expected kind of the URL; needed only when both domains are the same.
   * @throws IvhConfigError when `kind` is needed and missing. No URL makes it throw.
   */
  verify(url: string, options?: { readonly kind?: Side }): Verification<UrlRejection>
}

/**
 * Creates a signer for the URLs of Tencent CSS (Cloud Streaming Services, 云直播).
 *
 * Keep the keys on a server: a push key allows pushes to every stream of the domain.
 *
 * @throws IvhConfigError for an unknown, missing or invalid option.
 */
export function createCssSigner(options: CssSignerOptions): CssSigner {
  const settings = checkOptions(options)
  return {
    push(streamName, expiry = {}) {
      checkKnownOptions('push', expiry, expiryOptions)
      return push(settings, streamName, expiry)
    },
    play(streamName, playOptions = {}) {
      checkKnownOptions('play', playOptions, [...expiryOptions, 'template', 'params'])
      return play(settings, streamName, playOptions)
    },
    verify(url, verifyOptions = {}) {
      checkKnownOptions('verify', verifyOptions, ['kind'])
      return verifyUrl(url, settings, verifyOptions.kind)
    },
  }
}

const expiryOptions = ['expiresAt', 'expiresIn']

function push(settings: SignerSettings, streamName: string, expiry: Expiry): PushUrls {
  const side = settings.push
  if (!side?.keys) {
    const hint = 'Give both to createCssSigner().'
    throw missing('pushKey', 'push() needs pushDomain and pushKey', hint)
  }
  checkName('StreamName', streamName)
  const seconds = expiryOf(settings, side, streamName, expiry, pushLifetime)
  const signature = sign(settings, side.keys[0], streamName, seconds)
  return pushUrls(side.domain, settings.appName, streamName, signature)
}

function play(settings: SignerSettings, baseName: string, options: PlayOptions): PlayUrls {
  const side = settings.play
  if (!side) {
    throw missing('playDomain', 'play() needs playDomain', 'Give it to createCssSigner().')
  }
  checkName('StreamName', baseName)
  const { template, params } = options
  const streamName = template === undefined ? baseName : withTemplate(baseName, template)
  const seconds = expiryOf(settings, side, baseName, options, playLifetime)
  const signature = side.keys && sign(settings, side.keys[0], streamName, seconds)
  return playUrls(side, settings, streamName, signature, params)
}

function sign(
  { algorithm, txTimeCase }: SignerSettings,
  key: string,
  streamName: string,
  seconds: number,
): Signature {
  const hex = seconds.toString(16)
  const txTime = txTimeCase === 'upper' ? hex.toUpperCase() : hex
  const txSecret = hexDigest(algorithm, key + streamName + txTime)
  return { txSecret, txTime, expiresAt: new Date(seconds * 1000) }
}

function withTemplate(baseName: string, template: string): string {
  checkTemplate(template)
  const streamName = `${baseName}_${template}`
  checkName('StreamName', streamName)
  return streamName
}

function expiryOf(
  { now, onWarning }: SignerSettings,
  { authDelta }: SideSettings,
  streamName: string,
  expiry: Expiry,
  defaultLifetime: number,
): number {
  const seconds = expirySeconds(expiry, now, defaultLifetime)
  if (onWarning) {
    for (const warning of warningsFor(streamName, seconds + authDelta, now() / 1000)) {
      onWarning(warning)
    }
  }
  return seconds
}
