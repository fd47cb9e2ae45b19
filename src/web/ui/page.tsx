/** A screen of one column under its title. */
export function Page({
  title,
  hint,
  wide,
  children,
}: {
  title: string
  hint?: string
  wide?: boolean
  children: React.ReactNode
}) {
  return (
    <main className={wide ? 'page wide' : 'page'} aria-label={title}>
      <h1>{title}</h1>
      {hint && <p className="quiet page-hint">{hint}</p>}
      {children}
    </main>
  )
}
