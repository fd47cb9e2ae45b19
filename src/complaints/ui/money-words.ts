/** In minor units. */
export type Money = { readonly minor: number; readonly currency: string }

/** How many digits a currency has after the point. */
export const digitsOf = (currency: string): number =>
  new Intl.NumberFormat('en', { style: 'currency', currency }).resolvedOptions().maximumFractionDigits ?? 2

/** The sum as people write it. */
export function moneyWords({ minor, currency }: Money, locale: string): string {
  const style = { style: 'currency', currency, trailingZeroDisplay: 'stripIfInteger' } as const
  return new Intl.NumberFormat(locale, style).format(minor / 10 ** digitsOf(currency))
}
