export { addingSearchRows, addSearchRows, replaceHead } from './index-rows.ts'
export { searchFunction } from './search-function.ts'
