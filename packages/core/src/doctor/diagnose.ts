import {
  createIvhClient,
  createUndiciTransport,
  gatewayUrls,
  type IvhClient,
  type IvhClientOptions,
  type ListSessionsResponse,
  systemClock,
} from '@ivh-kit/core'
import { about, type Diagnosis, type Finding } from './finding'
import {
  type Asked,
  judgeClock,
  judgeGateway,
  judgeKeyPair,
  judgeOwnership,
  problemOf,
} from './judge'
import { observingTransport } from './observing-transport'

/** The client options to check, and the avatar or project to check. */
export interface DiagnoseOptions
  extends Pick<
    IvhClientOptions,
    'appKey' | 'accessToken' | 'region' | 'baseUrl' | 'dispatcher' | 'transport' | 'clock'
  > {
  /** Timeout of each call in milliseconds. Default 10 000. */
  readonly timeoutMs?: number | undefined
  /** Checks access to this project. Default: no check. */
  readonly virtualmanProjectId?: string | undefined
  /** Checks access to this avatar asset. Default: no check. */
  readonly assetVirtualmanKey?: string | undefined
}

const silent = { debug() {}, warn() {}, error() {} }

/**
 * Checks everything that a client needs: options, credentials, the gateway, the local clock, the key pair,
 * and a project or an asset if given. It only lists sessions, so it creates, changes and costs nothing. The
 * findings hold the problems; the promise does not reject.
 *
 * @example
 * const { healthy, findings } = await diagnose({ region: 'mainland' })
 */
export async function diagnose(options: DiagnoseOptions = {}): Promise<Diagnosis> {
  const { region, baseUrl, appKey, accessToken, timeoutMs = 10_000 } = options
  const clock = options.clock ?? systemClock
  const inner = options.transport ?? createUndiciTransport(options.dispatcher)
  const transport = observingTransport(inner, clock)
  const common = { region, baseUrl, clock, transport, timeoutMs, logger: silent, maxRetries: 0 }
  try {
    // The gateway refuses a call without credentials, but the response shows that the gateway is reachable,
    // and its clock.
    const stranger = made({ ...common, appKey: 'none', accessToken: 'none' })
    if ('error' in stranger) return diagnosis([problemOf('options', stranger.error)])
    const known = made({ ...common, appKey, accessToken })
    const { client } = 'error' in known ? stranger : known
    const asked = await ask(client.listSessionOfUin())
    const { seen } = transport
    const findings = [
      about('options').ok(`the gateway is ${baseUrl ?? gatewayUrls[region ?? 'international']}`),
      'error' in known
        ? problemOf('credentials', known.error)
        : about('credentials').ok('an app key and an access token are given'),
      judgeGateway(asked, seen),
      judgeClock(seen),
      'error' in known
        ? about('key pair').unknown('not tried: the credentials are not complete')
        : judgeKeyPair(asked, seen),
    ]
    return diagnosis([...findings, ...(await ownership(client, options, findings))])
  } finally {
    if (inner !== options.transport) await inner.close()
  }
}

function diagnosis(findings: readonly Finding[]): Diagnosis {
  return { healthy: findings.every(({ state }) => state !== 'problem'), findings }
}

function made(
  options: IvhClientOptions,
): { readonly client: IvhClient } | { readonly error: unknown } {
  try {
    return { client: createIvhClient(options) }
  } catch (error) {
    return { error }
  }
}

function ask(call: Promise<ListSessionsResponse>): Promise<Asked> {
  return call.then(
    ({ Sessions }) => ({ sessions: Sessions }),
    (error: unknown) => ({ error }),
  )
}

async function ownership(
  client: IvhClient,
  { virtualmanProjectId, assetVirtualmanKey }: DiagnoseOptions,
  before: readonly Finding[],
): Promise<Finding[]> {
  const accepted = before.some(({ check, state }) => check === 'key pair' && state === 'ok')
  const judge = async (check: 'project' | 'asset', call: () => Promise<ListSessionsResponse>) =>
    accepted
      ? judgeOwnership(check, await ask(call()))
      : about(check).unknown('not tried: the key pair comes first')
  const findings: Finding[] = []
  if (virtualmanProjectId) {
    const VirtualmanProjectId = virtualmanProjectId
    findings.push(
      await judge('project', () => client.listSessionOfProjectId({ VirtualmanProjectId })),
    )
  }
  if (assetVirtualmanKey) {
    const AssetVirtualmanKey = assetVirtualmanKey
    findings.push(await judge('asset', () => client.listSessionOfAssetVk({ AssetVirtualmanKey })))
  }
  return findings
}
