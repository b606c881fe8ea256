import { NalType, nalType } from '../flv/avc'

/**
 * Maximum payload in bytes. It leaves space for IP, UDP, SRTP and header extensions in a packet of 1500
 * bytes.
 */
const maxPayload = 1200

const stapA = 24
const fuA = 28

/**
 * Returns the RTP payloads of one picture (RFC 6184, packetization mode 1): parameter sets in one aggregate,
 * short units unchanged, longer units in fragments.
 */
export function packetizeH264(units: readonly Buffer[]): Buffer[] {
  const isParameterSet = (unit: Buffer): boolean =>
    nalType(unit) === NalType.sps || nalType(unit) === NalType.pps
  const parameterSets = units.filter(isParameterSet)
  const slices = units.filter((unit) => !isParameterSet(unit))
  return [...aggregate(parameterSets), ...slices.flatMap(fragment)]
}

function aggregate(units: readonly Buffer[]): Buffer[] {
  const size = units.reduce((sum, { length }) => sum + 2 + length, 1)
  if (units.length < 2 || size > maxPayload) return units.flatMap(fragment)
  const importance = Math.max(...units.map((unit) => (unit[0] ?? 0) & 0x60))
  const parts: Buffer[] = [Buffer.of(importance | stapA)]
  for (const unit of units) parts.push(Buffer.of(unit.length >> 8, unit.length & 0xff), unit)
  return [Buffer.concat(parts)]
}

function fragment(unit: Buffer): Buffer[] {
  if (unit.length <= maxPayload) return [unit]
  const head = unit[0] ?? 0
  const indicator = (head & 0xe0) | fuA
  const type = head & 0x1f
  const room = maxPayload - 2
  const fragments: Buffer[] = []
  for (let offset = 1; offset < unit.length; offset += room) {
    const start = offset === 1 ? 0x80 : 0
    const end = offset + room >= unit.length ? 0x40 : 0
    const header = Buffer.of(indicator, start | end | type)
    fragments.push(Buffer.concat([header, unit.subarray(offset, offset + room)]))
  }
  return fragments
}
