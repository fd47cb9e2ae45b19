import type { Told } from './told.ts'

/** What other systems call the states and severities, by how they begin. Folded, so both scripts are one. */
const states: readonly (readonly [Told['state'], RegExp])[] = [
  ['withdrawn', /^(withdr|cancel|撤回|撤銷|撤销|撤案|取消|作廢|作废)/],
  [
    'closed',
    /^(closed|close$|resolved|solved|done|complete|finished|final|merged|removed|已?結案|已?结案|已?關閉|已?关闭|已?解決|已?解决|已?完成|完結|完结|已?辦結|已?办结|已?回訪|已?回访|是$|y$|yes$|true$)/,
  ],
  [
    'open',
    /^(open|new|pending|on.?hold|hold|in.?progress|assigned|waiting|snoozed|reopen|received|investigat|acknowledged|處理中|处理中|待|未|進行|进行|新|受理|已受理|已分派|重開|重开|否$|n$|no$|false$)/,
  ],
]
const severities: readonly (readonly [NonNullable<Told['severity']>, RegExp])[] = [
  ['critical', /^(critical|urgent|emergency|blocker|p1$|p0$|sev.?1|最高|特急|緊急|紧急|極高|极高|重大)/],
  ['high', /^(high|important|major|p2$|sev.?2|3 high|高|嚴重|严重|急)/],
  ['medium', /^(medium|normal|moderate|p3$|sev.?3|2 normal|中|一般|普通|標準|标准)/],
  ['low', /^(low|minor|trivial|p4$|p5$|sev.?4|1 low|低|輕|轻)/],
]

const among = <T>(list: readonly (readonly [T, RegExp])[], word: string): T | undefined =>
  list.find(([, pattern]) => pattern.test(word.trim().toLowerCase()))?.[0]

export const stateOf = (word: string): Told['state'] | undefined => among(states, word)
export const severityNamed = (word: string): Told['severity'] | undefined => among(severities, word)
