export { SaveView } from './save-view.tsx'
export { SavedViews } from './saved-views.tsx'
export { sameSearch, useSavedViewOf } from './use-views.ts'
export { useViews } from './use-views.ts'
