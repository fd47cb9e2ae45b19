import type { MouseEvent } from 'react'
import { useTranslation } from 'react-i18next'
import { problem as shape } from '../../kit/contract/shapes.ts'
import { problemWords } from '../../web/ui/problem-note.tsx'
import { toast } from '../../web/ui/toast.tsx'

/**
 * Fetches a PDF and has it saved: making it takes a while, and a refusal is told in words with the way there is instead. With
 * another key held the browser does what it always does with a link.
 */
export function useSavedPdf(): (event: MouseEvent, href: string) => void {
  const { t } = useTranslation()
  const save = async (href: string) => {
    toast(t('case-file.making'))
    try {
      const reply = await fetch(href)
      if (!reply.ok) return toast(problemWords(shape.parse(await reply.json()), t))
      keep(await reply.blob(), nameIn(reply.headers.get('content-disposition') ?? ''))
    } catch {
      toast(t('problem.other'))
    }
  }
  return (event, href) => {
    if (event.ctrlKey || event.metaKey || event.shiftKey || event.altKey) return
    event.preventDefault()
    void save(href)
  }
}

function keep(file: Blob, name: string): void {
  const link = document.createElement('a')
  link.href = URL.createObjectURL(file)
  link.download = name
  link.click()
  setTimeout(() => URL.revokeObjectURL(link.href), 60_000)
}

/** The name the server gave it (RFC 6266). */
function nameIn(header: string): string {
  const wide = /filename\*=UTF-8''([^;]+)/i.exec(header)?.[1]
  return wide ? decodeURIComponent(wide) : (/filename="([^"]+)"/.exec(header)?.[1] ?? 'case-file.pdf')
}
