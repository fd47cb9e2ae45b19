import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { canonicalJson } from '../kit/pure/jcs.ts'
import { canonicalOfParsed, sameParsed } from './parsed.ts'

const parsed = fc.jsonValue({ stringUnit: 'grapheme' }).map((value) => JSON.parse(JSON.stringify(value)) as unknown)

describe('the quick canonical text', () => {
  it('is the canonical text, for anything JSON.parse gives', () => {
    fc.assert(
      fc.property(parsed, (value) => canonicalOfParsed(value) === canonicalJson(value)),
      { numRuns: 2000 },
    )
  })
  it.each([
    '{"10":1,"9":2,"a":{"2":1,"10":0}}',
    '{"b":1,"a":[{"d":1,"c":null}],"中":"文"}',
    '{"":0,"é":1,"z":2}',
    '[1e21,0.1,-0,5e-7]',
  ])('is, for %s', (text) => expect(canonicalOfParsed(JSON.parse(text))).toBe(canonicalJson(JSON.parse(text))))
  it('throws for a number that JSON cannot hold', () => {
    expect(() => canonicalOfParsed(JSON.parse('{"a":[1e999]}'))).toThrow(TypeError)
  })
})

it('values are the same when their canonical texts are', () => {
  fc.assert(fc.property(parsed, parsed, (a, b) => sameParsed(a, b) === (canonicalJson(a) === canonicalJson(b))))
  fc.assert(fc.property(parsed, (a) => sameParsed(a, JSON.parse(canonicalJson(a)))))
})
