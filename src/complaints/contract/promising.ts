import { id, instant, prose } from '../../kit/contract/shapes.ts'
import { command, versioned, words } from './command.ts'
import { newPromise } from './promise.ts'

export { type NewPromise, newPromise } from './promise.ts'

const refusals = ['complaints.promise-in-past', 'complaints.owner-unknown', 'complaints.owner-is-subject']
const some = ['complaints.no-such-promise']
const of = versioned.partial().extend({ clockId: id })

export const promise = command(
  'promise',
  'promises',
  'Promise something by a date, or to call back at a minute: a clock with an owner',
  versioned.partial().extend(newPromise.shape),
  [...refusals, 'complaints.too-many-promises'],
)

export const keepPromise = command(
  'keep_promise',
  'kept-promises',
  'What was promised is done',
  of.extend({ text: prose(20_000).default('') }),
  some,
)

export const movePromise = command(
  'move_promise',
  'moved-promises',
  'Another date for a promise, with the reason; one that is over stays broken',
  of.extend({ dueAt: instant, ownerId: id.optional(), reason: words }),
  [...some, ...refusals],
)

export const dropPromise = command(
  'drop_promise',
  'dropped-promises',
  'A promise that will not be kept, and why',
  of.extend({ reason: words }),
  some,
)
