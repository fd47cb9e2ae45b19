import fc from 'fast-check'
import { it } from 'vitest'
import { canonicalJson } from '../kit/pure/jcs.ts'
import { sameParsed } from './parsed.ts'

const parsed = fc.jsonValue({ stringUnit: 'grapheme' }).map((value) => JSON.parse(JSON.stringify(value)) as unknown)

it('values are the same when their canonical texts are', () => {
  fc.assert(fc.property(parsed, parsed, (a, b) => sameParsed(a, b) === (canonicalJson(a) === canonicalJson(b))))
  fc.assert(fc.property(parsed, (a) => sameParsed(a, JSON.parse(canonicalJson(a)))))
})
