export { ThemeChoice } from './theme-choice.tsx'
export { useAppliedPreferences, usePreferences } from './use-preferences.ts'
