import { NativeSelect, NumberInput } from '@mantine/core'
import { useTranslation } from 'react-i18next'
import { digitsOf, type Money } from './money-words.ts'

/** Currencies of the places there are calendars for, and the common others. */
const currencies = ['TWD', 'CNY', 'HKD', 'USD', 'EUR', 'GBP', 'AUD', 'JPY', 'SGD']

type Props = { label: string; value: Money | undefined; usual: string; onChange: (value: Money | undefined) => void }

/** A sum and its currency; empty is no sum. */
export function MoneyInput({ label, value, usual, onChange }: Props) {
  const { t } = useTranslation()
  const currency = value?.currency ?? usual
  const digits = digitsOf(currency)
  const set = (amount: number | string, into: string) => {
    const given = amount === '' ? Number.NaN : Number(amount)
    onChange(Number.isFinite(given) ? { minor: Math.round(given * 10 ** digitsOf(into)), currency: into } : undefined)
  }
  const amount = value ? value.minor / 10 ** digits : ''
  return (
    <div className="row-flex money">
      <NumberInput
        label={label}
        min={0}
        decimalScale={digits}
        thousandSeparator=","
        value={amount}
        onChange={(given) => set(given, currency)}
      />
      <NativeSelect
        label={t('fields.currency')}
        value={currency}
        onChange={(e) =>
          value ? set(amount, e.currentTarget.value) : onChange({ minor: 0, currency: e.currentTarget.value })
        }
        data={currencies}
      />
    </div>
  )
}

const ofJurisdiction: Readonly<Record<string, string>> = {
  TW: 'TWD',
  CN: 'CNY',
  HK: 'HKD',
  US: 'USD',
  GB: 'GBP',
  AU: 'AUD',
}

/** What is paid with where it happened. */
export const usualCurrency = (jurisdiction: string | undefined): string => ofJurisdiction[jurisdiction ?? ''] ?? 'TWD'
