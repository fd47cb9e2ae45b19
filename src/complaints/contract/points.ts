import { id, line } from '../../kit/contract/shapes.ts'
import { command, versioned } from './command.ts'

export const editPoint = command(
  'edit_point',
  'point-correction',
  'A point in better words; what it said before stays in history',
  versioned.extend({ pointId: id, text: line(2000).min(1) }),
  ['complaints.unknown-point', 'complaints.point-decided'],
)

export const removePoint = command(
  'remove_point',
  'point-removal',
  'A point that is none: said twice, or not complained of. It stays in history',
  versioned.extend({ pointId: id, reason: line(1000).min(1) }),
  ['complaints.unknown-point', 'complaints.point-decided', 'complaints.last-point'],
)
