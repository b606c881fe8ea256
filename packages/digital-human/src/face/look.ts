import { mixedHash } from '../text-hash'
import { hex, type Rgb } from './colour'

export type HairStyle = 'long' | 'bob' | 'short' | 'bun'
export type OutfitStyle = 'blazer' | 'knit' | 'shirt'

/** Hair, colours and clothes of one presenter. */
export interface Look {
  readonly hairStyle: HairStyle
  readonly outfitStyle: OutfitStyle
  readonly skin: Rgb
  readonly lips: Rgb
  readonly hair: Rgb
  readonly iris: Rgb
  readonly outfit: Rgb
  readonly under: Rgb
  readonly wall: Rgb
  readonly glow: Rgb
}

const complexions = [
  { skin: hex('#f6d0b4'), lips: hex('#c9626a') },
  { skin: hex('#eebd97'), lips: hex('#bd565c') },
  { skin: hex('#d69d74'), lips: hex('#a84c4c') },
  { skin: hex('#a46c49'), lips: hex('#8d3f42') },
] as const

const hair = [
  hex('#2b2127'),
  hex('#4a2f25'),
  hex('#74472c'),
  hex('#a8713d'),
  hex('#3a3440'),
] as const
const iris = [hex('#5d3a22'), hex('#3d5f4c'), hex('#41617f'), hex('#4a3220')] as const
const hairStyles = ['long', 'bob', 'short', 'bun'] as const

const outfits = [
  { outfitStyle: 'blazer', outfit: hex('#2e3f66'), under: hex('#f4f1ec') },
  { outfitStyle: 'knit', outfit: hex('#b4574f'), under: hex('#8f3f3b') },
  { outfitStyle: 'blazer', outfit: hex('#45585a'), under: hex('#f6e7d8') },
  { outfitStyle: 'shirt', outfit: hex('#dfe8f2'), under: hex('#ffffff') },
  { outfitStyle: 'blazer', outfit: hex('#7d4a68'), under: hex('#f7eef0') },
  { outfitStyle: 'knit', outfit: hex('#3f7c78'), under: hex('#2c5d5b') },
] as const

const rooms = [
  { wall: hex('#5f7f9f'), glow: hex('#d9e6f0') },
  { wall: hex('#7b8f86'), glow: hex('#e6ece2') },
  { wall: hex('#9a8478'), glow: hex('#f1e3d5') },
  { wall: hex('#72709a'), glow: hex('#e2def0') },
] as const

/** Returns the look of an avatar: always the same for the same key. */
export function lookOf(avatar: string): Look {
  let hash = mixedHash(avatar)
  const pick = <T>(choices: readonly [T, ...T[]]): T => {
    const choice = choices[hash % choices.length] ?? choices[0]
    hash = Math.imul(hash ^ (hash >>> 15), 0x85ebca6b) >>> 0
    return choice
  }
  return {
    hairStyle: pick(hairStyles),
    ...pick(complexions),
    hair: pick(hair),
    iris: pick(iris),
    ...pick(outfits),
    ...pick(rooms),
  }
}
