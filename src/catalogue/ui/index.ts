export { type Undo, UndoStrip, useUndo } from './undo-strip.tsx'
