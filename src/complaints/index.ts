export {
  acknowledgeByItself,
  type Beside,
  complainantActs,
  complainantWrote,
  judgeNote,
  link,
  noteBeside,
} from './commands.ts'
export { type ComplainantAct, complainantOffers } from './offers.ts'
export { assertRecording, callFacts, callRowOf } from './commands/calling.ts'
export {
  callHash,
  type CallRow,
  commitEvents,
  type Context,
  eventActor,
  lockVisible,
  systemFacts,
  type Words,
} from './act.ts'
export { broughtOf } from './brought.ts'
export { chain, eventHash, eventHashed, genesis, type StoredEvent, textHash } from './chain.ts'
export { type Counted, type FilterCounts, openFilterCounts } from './filter-counts.ts'
export { headsOf, replaceHeadOf } from './head.ts'
export { releaseLeaver, releaseLeavers } from './leaving.ts'
export { numberBlocks } from './numbers.ts'
export { clockReply, openComplaint } from './page.ts'
export { pointText } from './point-text.ts'
export { closedInstant, columnOf, counted, figureConditions } from './period-filters.ts'
export { countMatching, listComplaints, type RowReply, rowsFor } from './queries.ts'
export { insertComplaints, type NewComplaintRow } from './insert.ts'
export { loadEvents, lockComplaint, save, stateColumns } from './store.ts'
export { commitSystemEvents } from './stream-system.ts'
export { readTimeline } from './timeline.ts'
export { suggestionReply, suggestionsAmong, suggestionsOf } from './suggestions.ts'
