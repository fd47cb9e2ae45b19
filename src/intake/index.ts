export { opensWith, receiptSecret, secretHash } from './receipt.ts'
export { type Kept, type Recorded, recordComplaint, type Submission } from './record.ts'
export { canBeAnonymous, storeUpload, type Upload } from './uploads.ts'
export { firstSentences } from './first-sentences.ts'
