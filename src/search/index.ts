export { addSearchRows, replaceHead } from './index-rows.ts'
export { searchRoutes } from './routes.ts'
export { searchFunction } from './search-function.ts'
