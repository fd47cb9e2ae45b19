export { OutboxState } from './outbox-state.tsx'
export { askAgainMs, type Outgoing } from './outgoing.ts'
