import { z } from 'zod'
import { id, line } from '../../kit/contract/shapes.ts'
import { confidentiality } from './values.ts'
import { command, versioned } from './command.ts'

export const restrict = command(
  'restrict',
  'restriction',
  'Who alone may see it',
  versioned.extend({ confidentiality, staffIds: z.array(id).max(50), reason: line(500).default('') }),
)

export const nameSubject = command(
  'name_subject',
  'subjects',
  'A member of staff it is about: who never sees it',
  versioned.extend({ staffIds: z.array(id).max(10) }),
)
