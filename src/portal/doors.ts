// What the portal uses of other slices, in one place.
export { complainantActs } from '../complaints/index.ts'
export { canBeAnonymous, recordComplaint, storeUpload } from '../intake/index.ts'
export { publicActor } from '../people/index.ts'
export { assertSameSite } from '../people/cross-site.ts'
