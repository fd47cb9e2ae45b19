import { describe, expect, it } from 'vitest'
import { type Candidate, type Found, verdictOf } from './threading.ts'

const day = 86_400_000
const at = (c: Partial<Candidate>): Candidate => ({
  by: 'address',
  complaintId: 'c1',
  participant: true,
  endedAt: null,
  ...c,
})
const found = (f: Partial<Found>): Found => ({
  candidates: [],
  bounced: undefined,
  here: false,
  ours: false,
  dmarcFails: false,
  asked: false,
  graceMs: 30 * day,
  now: 100 * day,
  ...f,
})
const human = { class: 'human', permanent: false, blank: false } as const
const bounce = { class: 'bounce', permanent: true, blank: false } as const
const auto = { class: 'auto_reply', permanent: false, blank: false } as const

describe('where a mail belongs', () => {
  it.each([
    [
      'nothing that could be read, and of nothing known',
      { ...human, blank: true },
      found({}),
      { do: 'park', reason: 'mail.nothing-in-it' },
    ],
    [
      'nothing that could be read, in answer to theirs',
      { ...human, blank: true },
      found({ candidates: [at({})] }),
      { do: 'append', complaintId: 'c1' },
    ],
    [
      'nothing that could be read, and wanted by somebody at the desk',
      { ...human, blank: true },
      found({ asked: true }),
      { do: 'record', after: null },
    ],
    ['nothing known: a complaint', human, found({}), { do: 'record', after: null }],
    ['a signed address', human, found({ candidates: [at({})] }), { do: 'append', complaintId: 'c1', by: 'address' }],
    [
      'the strongest of several',
      human,
      found({ candidates: [at({ complaintId: 'c1' }), at({ by: 'stored-id', complaintId: 'c2' })] }),
      { do: 'append', complaintId: 'c1' },
    ],
    [
      'a stranger with a signed address waits for a look',
      human,
      found({ candidates: [at({ participant: false })] }),
      { do: 'side_note', complaintId: 'c1' },
    ],
    [
      'a stranger with a number in the subject is somebody else',
      human,
      found({ candidates: [at({ by: 'subject', participant: false })] }),
      { do: 'record', after: null },
    ],
    [
      'a number in the subject from them',
      human,
      found({ candidates: [at({ by: 'subject' })] }),
      { do: 'append', complaintId: 'c1' },
    ],
    [
      'a number in the subject, but the sender is not who it says',
      human,
      found({ candidates: [at({ by: 'subject' })], dmarcFails: true }),
      { do: 'record', after: null },
    ],
    ...(['address', 'own-id'] as const).map(
      (by) =>
        [
          `what only a mail of ours told (${by}), but the sender is not who it says`,
          human,
          found({ candidates: [at({ by })], dmarcFails: true }),
          { do: 'side_note', complaintId: 'c1', by },
        ] as const,
    ),
    [
      'a known Message-ID, but the sender is not who it says',
      human,
      found({ candidates: [at({ by: 'stored-id' })], dmarcFails: true }),
      { do: 'side_note', complaintId: 'c1' },
    ],
    [
      'to what ended long ago: another one, linked',
      human,
      found({ candidates: [at({ endedAt: 10 * day })] }),
      { do: 'record', after: 'c1' },
    ],
    [
      'to what ended lately: that one',
      human,
      found({ candidates: [at({ endedAt: 90 * day })] }),
      { do: 'append', complaintId: 'c1' },
    ],
    ['what we sent ourselves', human, found({ ours: true }), { do: 'reject', reason: 'mail.own' }],
    [
      'the same words again',
      human,
      found({ here: true, candidates: [at({})] }),
      { do: 'reject', reason: 'mail.here-already' },
    ],
    [
      'a bounce of ours',
      bounce,
      found({ bounced: { complaintId: 'c1', outboxId: 'o1' } }),
      { do: 'bounce', complaintId: 'c1', outboxId: 'o1' },
    ],
    [
      'a delay is only noted',
      { ...bounce, permanent: false },
      found({ bounced: { complaintId: 'c1', outboxId: 'o1' } }),
      { do: 'note', complaintId: 'c1' },
    ],
    ['a bounce of nothing', bounce, found({}), { do: 'reject', reason: 'mail.bounce-of-nothing' }],
    ['an automatic answer', auto, found({ candidates: [at({})] }), { do: 'note', complaintId: 'c1' }],
    ['an automatic mail to nothing', auto, found({}), { do: 'park', reason: 'mail.automatic' }],
    ['an automatic mail somebody wants taken in', auto, found({ asked: true }), { do: 'record', after: null }],
    [
      'a list is read like a person',
      { class: 'list', permanent: false, blank: false } as const,
      found({}),
      { do: 'record', after: null },
    ],
  ] as const)('%s', (_, mail, given, verdict) => expect(verdictOf(mail, given)).toMatchObject(verdict))
})
