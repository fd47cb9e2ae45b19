import { expect, it } from 'vitest'
import { changePreferences } from './contract.ts'

const letters = [...'abcdefghijklmnopqrstuvwxyz']
const keys = (n: number) => {
  const names = letters.flatMap((a) => letters.map((b) => `go-${a}${b}`)).slice(0, n)
  return { keys: { on: true, map: Object.fromEntries(names.map((name) => [name, 'x'])) } }
}

it('keeps keys for what there is to do, not for whatever is made up without end', () => {
  expect([100, 101].map((n) => changePreferences.body?.safeParse(keys(n)).success)).toEqual([true, false])
})
