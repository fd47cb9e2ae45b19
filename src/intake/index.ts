export { opensWith, receiptSecret, secretHash } from './receipt.ts'
export { type Recorded, recordComplaint, type Submission } from './record.ts'
export { type FileRow, intakeRoutes, sendFile } from './routes.ts'
export { canBeAnonymous, storeUpload, type Upload } from './uploads.ts'
