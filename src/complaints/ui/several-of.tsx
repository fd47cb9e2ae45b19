/** Several of many, found by typing: a file of its own, so that it is loaded by whoever asks for it. */
export { MultiSelect as default } from '@mantine/core'
