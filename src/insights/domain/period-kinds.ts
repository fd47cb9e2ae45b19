export const periodKinds = ['week', 'month', 'quarter', 'year', 'custom'] as const
export type PeriodKind = (typeof periodKinds)[number]
