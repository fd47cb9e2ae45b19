import { z } from 'zod'
import { id } from '../../kit/contract/shapes.ts'
import { command, versioned } from './command.ts'

export const merge = command(
  'merge',
  'merge',
  'The same person, the same matter: join it to another complaint (併案)',
  versioned.extend({
    intoId: id,
    /** Both come from one person, says who merges: needed where the records do not say so. */
    sameComplainant: z.boolean().optional(),
  }),
  [
    'complaints.merge-into-itself',
    'complaints.merge-target-closed',
    'complaints.merge-other-complainant',
    'complaints.merge-less-protected',
    'complaints.has-merged',
    'complaints.answer-leaving',
  ],
)

export const unmerge = command('unmerge', 'unmerge', 'Take a merge back', versioned, ['complaints.answer-leaving'])

export const link = command(
  'link',
  'links',
  'Mark as repeat of, or related to, another complaint',
  versioned.extend({ otherId: id, kind: z.enum(['repeat', 'related']) }),
)

export const unlink = command(
  'unlink',
  'unlinks',
  'Take a link back',
  versioned.extend({ otherId: id, kind: z.enum(['repeat', 'related']) }),
)

export const dismissSuggestion = command(
  'dismiss',
  'suggestion-dismissals',
  'Not the same matter',
  versioned.partial().extend({ otherId: id }),
)
