import { z } from 'zod'
import { id } from '../../kit/contract/shapes.ts'
import { command, versioned } from './command.ts'

export const merge = command(
  'merge',
  'merge',
  'Same matter: join it to another complaint (併案)',
  versioned.extend({ intoId: id }),
  ['complaints.merge-into-itself', 'complaints.merge-target-closed'],
)

export const unmerge = command('unmerge', 'unmerge', 'Take a merge back', versioned)

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
