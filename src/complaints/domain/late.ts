/** What was told longer ago than this is written down with a reason; a weekend passes without one. Milliseconds. */
export const lateTelling = 3 * 86_400_000
