export type { DraftState } from './keeper.ts'
export { DraftLine } from './draft-line.tsx'
export { type DraftOptions, isBegun, type ServerDraft, useServerDraft } from './use-server-draft.ts'
