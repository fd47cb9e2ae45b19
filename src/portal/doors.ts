// What the portal uses of other slices, in one place.
export { calendarsFor } from '../clocks/index.ts'
export { type ComplainantAct, complainantActs, complainantOffers, pointText } from '../complaints/index.ts'
export { canBeAnonymous, opensWith, recordComplaint, storeUpload } from '../intake/index.ts'
export { publicActor } from '../people/index.ts'
export { publicTitle } from '../replies/index.ts'
export { assertSameSite } from '../people/index.ts'
