import { Checkbox } from '@mantine/core'

type Props = {
  label: string
  required?: boolean
  /** For names of several words. */
  wide?: boolean
  /** `code` stands small below the name, for those who know it by that. */
  options: readonly { readonly value: string; readonly label: string; readonly code?: string }[]
  value: readonly string[]
  onChange: (value: string[]) => void
}

/** Several of a handful: all in sight, one press each. */
export function CheckList({ label, required = false, wide = false, options, value, onChange }: Props) {
  return (
    <Checkbox.Group label={label} withAsterisk={required} value={[...value]} onChange={onChange}>
      <div className={wide ? 'check-list wide' : 'check-list'}>
        {options.map((o) => (
          <Checkbox key={o.value} value={o.value} label={o.label} description={o.code} size="xs" />
        ))}
      </div>
    </Checkbox.Group>
  )
}
