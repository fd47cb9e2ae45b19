// The door of the catalogue: what other slices that keep settings use.
export { type Asked, type Change, noteChange } from './changes.ts'
export { lockList } from './lists.ts'
