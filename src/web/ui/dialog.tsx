import { useEffect, useRef } from 'react'
import { useTranslation } from 'react-i18next'

type Props = {
  readonly label: string
  readonly close: () => void
  /** `palette` stands high and narrow, `beside` the navigation. */
  readonly kind: 'palette' | 'beside' | 'sheet'
  /** Without a head of its own: what is inside names itself. */
  readonly bare?: boolean
  readonly children: React.ReactNode
}

/** The browser's own dialog: focus stays inside, Escape and a click beside it close it, focus goes back to where it was. */
export function Dialog({ label, close, kind, bare = false, children }: Props) {
  const { t } = useTranslation()
  const box = useRef<HTMLDialogElement>(null)
  const latest = useRef(close)
  latest.current = close
  useEffect(() => {
    const dialog = box.current
    if (!dialog) return
    const before = document.activeElement
    if (!dialog.open) dialog.showModal()
    return () => {
      dialog.close()
      if (before instanceof HTMLElement && before.isConnected) before.focus({ preventScroll: true })
    }
  }, [])
  return (
    // oxlint-disable-next-line jsx-a11y/click-events-have-key-events, jsx-a11y/no-noninteractive-element-interactions -- Escape is the key for it
    <dialog
      ref={box}
      className={`dialog ${kind}`}
      aria-label={label}
      onCancel={(e) => {
        e.preventDefault()
        latest.current()
      }}
      // The browser may close it by itself, without asking.
      onClose={() => box.current?.open === false && latest.current()}
      onClick={(e) => e.target === e.currentTarget && latest.current()}
    >
      <div className="dialog-body">
        {!bare && (
          <header>
            <h2>{label}</h2>
            <button type="button" className="plain close" aria-label={t('common.close')} onClick={close}>
              ×
            </button>
          </header>
        )}
        {children}
      </div>
    </dialog>
  )
}
