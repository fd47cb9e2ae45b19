import { shippedCalendars } from '../../clocks/calendars/index.ts'
import { type CompiledCalendar, compileCalendar } from '../../clocks/domain/compile.ts'
import { valueOf } from '../../kit/pure/result.ts'
import { type ActionName, actionsOf, type CommandOf, decide, type Facts } from './decide/index.ts'
import { takeIn } from './decide/intake.ts'
import type { NewEvent } from './event.ts'
import { type ComplaintState, fold } from './state.ts'

// For tests of the process without a database: one complaint, taken through commands.

const compiled = new Map(shippedCalendars.map((c) => [c.key, valueOf(compileCalendar(c))]))
function shipped(key: string): CompiledCalendar {
  const calendar = compiled.get(key)
  if (!calendar) throw new Error(key)
  return calendar
}

export const calendars = { office: shipped('tw-office'), always: shipped('always') }
export const hour = 3_600_000
/** As the starter codes have it. */
const freeRemedies = new Set(['A1', 'A2', 'A10', 'A12', 'A13', 'A14'])

const handler = ['handle', 'answer', 'assess', 'assign', 'decide', 'close', 'reopen', 'append', 'note', 'acknowledge']
const permissions: Readonly<Record<string, readonly string[]>> = {
  mei: handler,
  jun: handler,
  lead: [...handler, 'approve', 'restrict'],
  chief: ['approve', 'note'],
  rui: [...handler, 'review', 'restrict'],
  complainant: [],
}
export type Person = 'mei' | 'jun' | 'lead' | 'chief' | 'rui' | 'complainant'

export type Start = {
  readonly impact?: number | null
  readonly likelihood?: number | null
  readonly flags?: readonly string[]
  readonly points?: number
  readonly jurisdiction?: string
  readonly confidentiality?: string
  readonly subjects?: readonly string[]
}

/** One complaint; `now` moves only when told to. */
export class Case {
  now = Date.UTC(2026, 2, 2, 2)
  #ids = 0
  readonly events: (NewEvent & { seq: number })[] = []

  constructor(start: Start = {}) {
    const { impact = 2, likelihood = 3, flags = [], points = 1, jurisdiction = 'GB', subjects = [] } = start
    this.#keep(
      takeIn(
        {
          number: 'R-1',
          channel: 'letter',
          mode: 'named',
          confidentiality: start.confidentiality ?? 'normal',
          customerId: 'p',
          typeCode: null,
          productId: null,
          placeId: null,
          impact,
          likelihood,
          flags,
          subjects,
          receivedAt: this.now,
          backdated: false,
          teamId: 't',
          teamWhy: {},
          inboundItemId: 'i',
          access: [],
          locale: 'en',
          jurisdiction,
          acknowledgedBy: null,
          authorityDueAt: null,
          points: Array.from({ length: points }, (_, i) => ({ id: `p${i + 1}`, no: i + 1, hash: 'h' })),
          message: this.spoken(),
        },
        { now: this.now, newId: this.newId, calendars },
      ),
    )
  }

  readonly newId = () => `id-${++this.#ids}`
  readonly spoken = () => ({ messageId: this.newId(), hash: 'h' })
  readonly written = () => ({ wordsId: this.newId(), hash: 'h' })

  get state(): ComplaintState {
    return fold('c', this.events)
  }

  facts(who: Person): Facts {
    const { now, newId } = this
    const actor =
      who === 'complainant' ? ({ kind: 'complainant', id: null } as const) : ({ kind: 'staff', id: who } as const)
    return {
      now,
      newId,
      calendars,
      actor,
      freeRemedies,
      permissions: new Set((permissions[who] ?? []).map((p) => `complaint.${p}`)),
    }
  }

  /** The code it was refused with; undefined: done. */
  try<N extends ActionName>(who: Person, name: N, command: CommandOf<N>): string | undefined {
    const decided = decide(name, this.state, command, this.facts(who))
    if (!decided.ok) return decided.refusal.code
    this.#keep(decided.value)
    return undefined
  }

  /** The same, for steps a test takes for granted. */
  do<N extends ActionName>(who: Person, name: N, command: CommandOf<N>): this {
    const refused = this.try(who, name, command)
    if (refused) throw new Error(`${name}: ${refused} in ${this.state.state}`)
    return this
  }

  may(who: Person, name: ActionName | 'respond'): string | true {
    const action = actionsOf(this.state, this.facts(who)).find((a) => a.name === name)
    return action?.allowed ? true : (action?.why ?? 'unknown')
  }

  later(ms: number): this {
    this.now += ms
    return this
  }

  /** A formal answer with the same finding on every point, reasons given. */
  answer(who: Person = 'mei', outcomeCode = 'O1', finding = 'upheld'): this {
    const findings = this.findings(finding)
    return this.do(who, 'reply', { spoken: this.spoken(), decision: true, outcomeCode, findings })
  }

  findings(finding = 'upheld') {
    return this.state.points.filter((p) => !p.gone).map((p) => ({ pointId: p.id, finding, answer: this.written() }))
  }

  #keep(events: readonly NewEvent[]): void {
    for (const e of events) this.events.push({ ...e, seq: this.events.length + 1 })
  }
}
