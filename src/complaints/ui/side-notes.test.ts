import { expect, test } from 'vitest'
import type { TimelineItem } from '../contract.ts'
import { waitingNotes } from './side-notes.ts'

const event = (type: string, messageId: string) =>
  ({ kind: 'event', type, facts: { messageId } }) as unknown as TimelineItem

test('a side note waits until somebody admits it or sets it aside', () => {
  const came = [event('side_note_received', 'a'), event('mail_noted', 'x'), event('side_note_received', 'b')]
  expect(waitingNotes(came)).toEqual(['a', 'b'])
  expect(waitingNotes([...came, event('side_note_admitted', 'a')])).toEqual(['b'])
  expect(waitingNotes([...came, event('side_note_admitted', 'a'), event('side_note_dismissed', 'b')])).toEqual([])
})
