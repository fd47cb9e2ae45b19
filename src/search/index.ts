export { alikeInWords } from './alike.ts'
export { idsFound } from './found.ts'
export {
  addingSearchRowsOf,
  addSearchRows,
  indexRestLater,
  replaceHead,
  type Searchable,
  searchRows,
} from './index-rows.ts'
export { searchFunction } from './search-function.ts'
