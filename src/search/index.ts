export { alikeInWords } from './alike.ts'
export {
  addingSearchRows,
  addSearchRows,
  indexRestLater,
  replaceHead,
  type Searchable,
  searchRows,
} from './index-rows.ts'
export { searchFunction } from './search-function.ts'
