import { describe, expect, it } from 'vitest'
import { rangeOf } from './audio-route.ts'

describe('the part of a recording that is asked for', () => {
  it.each([
    [undefined, undefined],
    ['bytes=0-', { from: 0, to: 99 }],
    ['bytes=10-19', { from: 10, to: 19 }],
    ['bytes=90-500', { from: 90, to: 99 }],
    ['bytes=-10', { from: 90, to: 99 }],
    ['bytes=-500', { from: 0, to: 99 }],
    ['bytes=100-', 'none'],
    ['bytes=20-10', 'none'],
    ['bytes=-0', 'none'],
    ['bytes=0-1,5-6', undefined],
    ['lines=1-2', undefined],
    ['bytes=-', undefined],
    ['bytes=9999999999999999-', undefined],
  ] as const)('%s of 100 bytes', (header, expected) => {
    expect(rangeOf(header, 100)).toEqual(expected)
  })
})
