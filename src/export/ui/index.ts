export { addressOfFile } from './asked.ts'
export { CaseFileItems, CaseFileLinks, useCaseFiles } from './case-file.tsx'
export { ExportList } from './export-list.tsx'
