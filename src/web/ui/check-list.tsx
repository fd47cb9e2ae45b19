import { Checkbox } from '@mantine/core'

type Props = {
  label: string
  required?: boolean
  options: readonly { readonly value: string; readonly label: string }[]
  value: readonly string[]
  onChange: (value: string[]) => void
}

/** Several of a handful: all in sight, one press each. */
export function CheckList({ label, required = false, options, value, onChange }: Props) {
  return (
    <Checkbox.Group label={label} withAsterisk={required} value={[...value]} onChange={onChange}>
      <div className="check-list">
        {options.map((o) => (
          <Checkbox key={o.value} value={o.value} label={o.label} size="xs" />
        ))}
      </div>
    </Checkbox.Group>
  )
}
