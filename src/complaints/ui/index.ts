export { type PromiseDraft, PromiseFields, promiseBody, promiseKey, useWhen, useWhenWords } from './promise-fields.tsx'
export { codeOptions, type Option, placeOptions, productOptions, staffOptions, teamOptions } from './options.ts'
export { useEventWords } from './event-words.ts'
export { useNames } from './use-names.ts'
