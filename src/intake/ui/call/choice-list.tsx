type Props<T> = {
  readonly id: string
  readonly label: string
  readonly items: readonly T[]
  readonly at: number
  readonly hidden: boolean
  readonly stays?: boolean
  readonly keyOf: (item: T) => string
  readonly take: (item: T) => void
  readonly children: (item: T) => React.ReactNode
}

/** What a field offers while one types: the focus stays in the field, which moves through it and names it. */
export function ChoiceList<T>({ id, label, items, at, hidden, stays, keyOf, take, children }: Props<T>) {
  return (
    <div role="listbox" id={id} aria-label={label} className={stays ? 'choices stays' : 'choices'} hidden={hidden}>
      {items.map((item, n) => (
        <div
          key={keyOf(item)}
          id={`${id}-${n}`}
          role="option"
          aria-selected={n === at}
          tabIndex={-1}
          onMouseDown={(e) => {
            e.preventDefault()
            take(item)
          }}
        >
          {children(item)}
        </div>
      ))}
    </div>
  )
}
