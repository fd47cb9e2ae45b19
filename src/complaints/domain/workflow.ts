/**
 * The process of a complaint as data: version 1 is the ISO 10002:2018 clause 7 flow, with stage-2 review and disputes
 * outside (ISO 10003). A complaint pins the version it was taken in under.
 */
export type StateName = string

export type Transition = {
  /** States it may start from; 'open' means every state in which the matter itself is dealt with. */
  readonly from: readonly StateName[] | 'open' | 'any'
  /** Where it leads; absent when the state stays. A map leads on by the state it starts from. */
  readonly to?: StateName | Readonly<Record<StateName, StateName>>
}

export type Workflow = {
  readonly key: string
  readonly version: number
  readonly initial: StateName
  /** `afterEnd`: it has ended, and is open again only until somebody has looked. What it was it may still do. */
  readonly states: readonly { readonly name: StateName; readonly open: boolean; readonly afterEnd?: boolean }[]
  readonly transitions: Readonly<Record<string, Transition>>
}

const working = [
  'received',
  'acknowledged',
  'assessed',
  'assigned',
  'investigating',
  'awaiting_info',
  'proposal',
  'approval',
  'approved',
  'decided',
]

// What waits for approval is decided by whoever approves it.
const deciding = working.filter((state) => state !== 'approval')

// Somebody wrote to what has ended: it is looked at, said a word to, given to somebody, and taken up again or left.
const orWroteAgain = [...working, 'responded', 'remedy_in_progress', 'follow_up', 'review', 'external', 'wrote_again']

const handed = [...working, 'responded', 'remedy_in_progress', 'follow_up', 'external']

const granting = ['responded', 'remedy_in_progress', 'follow_up', 'review']

export const isoWorkflow: Workflow = {
  key: 'iso-10002',
  version: 1,
  initial: 'received',
  states: [
    ...[...working, 'responded', 'remedy_in_progress', 'follow_up', 'review', 'external'].map((name) => ({
      name,
      open: true,
    })),
    { name: 'wrote_again', open: true, afterEnd: true },
    ...['closed', 'final', 'withdrawn', 'redirected', 'merged'].map((name) => ({ name, open: false })),
  ],
  transitions: {
    acknowledge: { from: 'open', to: { received: 'acknowledged' } },
    assess: { from: 'open', to: { received: 'assessed', acknowledged: 'assessed' } },
    assign: { from: orWroteAgain, to: { received: 'assigned', acknowledged: 'assigned', assessed: 'assigned' } },
    helper: { from: orWroteAgain },
    investigate: {
      from: ['received', 'acknowledged', 'assessed', 'assigned', 'awaiting_info', 'proposal'],
      to: 'investigating',
    },
    ask_info: {
      from: ['received', 'acknowledged', 'assessed', 'assigned', 'investigating', 'proposal'],
      to: 'awaiting_info',
    },
    resume: { from: ['awaiting_info'], to: 'investigating' },
    find: { from: 'open' },
    add_point: { from: 'open' },
    edit_point: { from: 'open' },
    remove_point: { from: 'open' },
    // After an answer, and in stage 2, a remedy is proposed and approved where the complaint stands.
    propose: {
      from: ['assessed', 'assigned', 'investigating', 'awaiting_info', 'proposal', 'approved', 'decided', ...granting],
      to: Object.fromEntries(
        ['assessed', 'assigned', 'investigating', 'awaiting_info', 'approved', 'decided'].map((s) => [s, 'proposal']),
      ),
    },
    request_approval: { from: ['proposal', 'approved', 'decided', ...granting], to: { proposal: 'approval' } },
    // Approved is the remedy; the matter is decided once every point has its finding.
    approve: { from: ['approval', 'approved', 'decided', ...granting], to: { approval: 'approved' } },
    approve_decided: { from: ['approval'], to: 'decided' },
    decline: { from: ['approval', 'decided', ...granting], to: { approval: 'investigating' } },
    decide: { from: deciding, to: 'decided' },
    reply: { from: orWroteAgain },
    // An authority is owed its answer whatever has become of the complaint.
    answer_authority: { from: 'any' },
    // A remedy may be carried out before the answer: it is owed all the same, where the complaint stands.
    respond: {
      from: [...deciding, 'remedy_in_progress', 'follow_up'],
      to: Object.fromEntries(deciding.map((state) => [state, 'responded'])),
    },
    note: { from: 'any' },
    fold: { from: 'any' },
    translate: { from: 'any' },
    judge_note: { from: 'any' },
    append: {
      from: 'any',
      to: {
        awaiting_info: 'investigating',
        closed: 'wrote_again',
        final: 'wrote_again',
        withdrawn: 'wrote_again',
        redirected: 'wrote_again',
      },
    },
    call: { from: 'any' },
    promise: { from: orWroteAgain },
    keep_promise: { from: 'any' },
    move_promise: { from: 'any' },
    drop_promise: { from: 'any' },
    // Who reviews is chosen with the review; what an end has settled belongs to nobody any more.
    hand_over: { from: handed },
    accept_handover: { from: handed },
    return_handover: { from: 'open' },
    contain: { from: 'open' },
    // What stage 2 granted is owed in `remedy_in_progress`; before that was so, in `final`: its word stays the last.
    start_remedy: {
      from: ['responded', 'approved', 'decided', 'remedy_in_progress', 'follow_up', 'final'],
      to: {
        responded: 'remedy_in_progress',
        approved: 'remedy_in_progress',
        decided: 'remedy_in_progress',
        follow_up: 'remedy_in_progress',
      },
    },
    finish_remedy: { from: ['remedy_in_progress', 'final'], to: { remedy_in_progress: 'follow_up' } },
    // What they say follows the answer; that they cannot be reached may show before it.
    confirm: { from: ['responded', 'remedy_in_progress', 'follow_up'], to: { responded: 'follow_up' } },
    try_to_reach: { from: 'open', to: { responded: 'follow_up' } },
    close: { from: ['responded', 'follow_up', 'external'], to: 'closed' },
    reopen: { from: ['closed', 'final', 'withdrawn', 'redirected'], to: 'investigating' },
    leave_ended: { from: ['wrote_again'] },
    request_review: { from: ['responded', 'remedy_in_progress', 'follow_up', 'closed'], to: 'review' },
    finalise: { from: ['review'], to: 'final' },
    grant: { from: ['review'], to: 'remedy_in_progress' },
    conclude: { from: ['follow_up'], to: 'final' },
    external: {
      from: ['responded', 'remedy_in_progress', 'follow_up', 'review', 'closed', 'final', 'investigating'],
      to: 'external',
    },
    withdraw: { from: 'open', to: 'withdrawn' },
    redirect: { from: working, to: 'redirected' },
    merge: { from: 'open', to: 'merged' },
    unmerge: { from: ['merged'], to: 'investigating' },
    link: { from: 'any' },
    unlink: { from: 'any' },
    dismiss: { from: 'any' },
    restrict: { from: 'any' },
    name_subject: { from: 'any' },
    classify: { from: orWroteAgain },
    undo: { from: orWroteAgain },
  },
}

const shipped: readonly Workflow[] = [isoWorkflow]

/** The pinned version; an unknown one is a defect. */
export function workflowOf(ref: { key: string; version: number }): Workflow {
  const found = shipped.find((w) => w.key === ref.key && w.version === ref.version)
  if (!found) throw new Error(`unknown workflow ${ref.key}@${ref.version}`)
  return found
}

export function isOpenState(workflow: Workflow, state: StateName): boolean {
  return workflow.states.some((s) => s.name === state && s.open)
}

/** Where an action starts: a state, and of one that was written to after its end what it was. */
export type Standing = { readonly state: StateName; readonly endedAs?: StateName | null }

/**
 * The state an action leads to from here, or undefined when it may not start here. What was written to after its end may
 * do what it might have done as it was; an action that would have left it so leaves it here.
 */
export function nextState(workflow: Workflow, action: string, { state, endedAs }: Standing): StateName | undefined {
  const here = stepFrom(workflow, action, state)
  if (here !== undefined || !endedAs || !isAfterEnd(workflow, state)) return here
  const before = stepFrom(workflow, action, endedAs)
  return before === endedAs ? state : before
}

/** Open again only because somebody wrote to it after its end. */
export function isAfterEnd(workflow: Workflow, state: StateName): boolean {
  return workflow.states.some((s) => s.name === state && s.afterEnd === true)
}

function stepFrom(workflow: Workflow, action: string, state: StateName): StateName | undefined {
  const transition = workflow.transitions[action]
  if (!transition) return undefined
  const { from, to } = transition
  const working = isOpenState(workflow, state) && !isAfterEnd(workflow, state)
  const may = from === 'any' || (from === 'open' ? working : from.includes(state))
  if (!may) return undefined
  if (to === undefined) return state
  return typeof to === 'string' ? to : (to[state] ?? state)
}
