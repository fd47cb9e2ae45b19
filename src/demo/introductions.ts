import type { Complaint, Locale, Step } from './types.ts'

const words: Readonly<Record<Locale, (owner: string) => string>> = {
  'zh-Hant': (owner) =>
    `您好，我是${owner}，由我負責您反映的事。您寫的我都看過了，查到什麼會在這裡告訴您；要補充也請直接回覆。`,
  'zh-Hans': (owner) =>
    `您好，我是${owner}，您反映的问题由我负责。您说的情况我都看过了，有进展会在这里回复您；需要补充请直接回复。`,
  en: (owner) =>
    `Hello, I am ${owner} and I am looking after your complaint. I have read all of it. I will write here as I find things out; please reply if there is anything to add.`,
}

/** Ways in where people expect to be written to; by telephone and at the counter the owner calls instead. */
const written = [
  'email',
  'line',
  'wechat',
  'app',
  'chat',
  'web_form',
  'whatsapp',
  'letter',
  'portal',
  '12315',
  'regulator_referral',
]
const minute = 1 / 60

/**
 * The steps with the first words of a new owner, who writes within minutes of being given a complaint. Not where they
 * acted at once themselves, nor where somebody who may answer has written already (`answers`).
 */
export function withIntroduction(
  complaint: Complaint,
  nameOf: (key: string) => string,
  answers: (key: string) => boolean,
): readonly Step[] {
  const { steps, locale, channel, confidentiality } = complaint
  const at = steps.findIndex((step) => step.do === 'assign')
  const assign = steps[at]
  if (assign?.do !== 'assign' || confidentiality !== 'normal' || !written.includes(channel)) return steps
  const greeted = steps
    .slice(0, at)
    .some((step) => 'by' in step && answers(step.by) && 'text' in step && step.text && step.do !== 'note')
  const next = steps[at + 1]
  const soon = next ? assign.at - next.at : assign.at
  if (greeted || soon < 4 * minute || next?.do === 'reply' || next?.do === 'call') return steps
  const said: Step = {
    at: assign.at - Math.min(10 * minute, soon / 2),
    by: assign.to,
    do: 'reply',
    text: words[locale](nameOf(assign.to)),
  }
  return [...steps.slice(0, at + 1), said, ...steps.slice(at + 1)]
}
