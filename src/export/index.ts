// The door of export: files that leave the house.

export { type Format, formats, listQuery, mostRows } from './contract.ts'
export { wordsOf } from './words.ts'
export { assertFits, listFile, type Reader } from './list.ts'
export {
  checkPackage,
  type Loaded,
  loadPackage,
  type Manifest,
  PackageProblem,
  writePackage,
} from './package/index.ts'
