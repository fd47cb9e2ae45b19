export { opensWith, receiptSecret, type Recorded, recordComplaint, secretHash, type Submission } from './record.ts'
export { type FileRow, intakeRoutes, sendFile } from './routes.ts'
export { canBeAnonymous, storeUpload, type Upload } from './uploads.ts'
