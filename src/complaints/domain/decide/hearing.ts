import { ok, type Result } from '../../../kit/pure/result.ts'
import type { NewEvent } from '../event.ts'
import type { ComplaintState } from '../state.ts'
import { withDates } from './dates.ts'
import type { Facts } from './facts.ts'
import { append } from './handling.ts'

/**
 * The complainant added words to a complaint that is merged into this one (`from`): what was waited for has come here too. The
 * words stay there, and so does their proof.
 */
export function heardFrom(
  survivor: ComplaintState,
  { from, channel }: { readonly from: string; readonly channel: string },
  facts: Facts,
): Result<NewEvent[]> {
  const heard = append.decide(survivor, { channel, spoken: { messageId: '', hash: '' } }, facts)
  return heard.ok
    ? ok(
        withDates(
          survivor,
          heard.value.map((e) => withoutWords(e, from)),
          facts,
        ),
      )
    : heard
}

function withoutWords(e: NewEvent, from: string): NewEvent {
  const { messageId: _id, hash: _hash, ...facts } = e.payload.facts
  return { ...e, payload: { ...e.payload, facts: { ...facts, from } } }
}
