import { TextInput } from '@mantine/core'
import { Link, useNavigate } from '@tanstack/react-router'
import { useState } from 'react'
import { useTranslation } from 'react-i18next'
import { readFilterText, type TextProblem, writeFilterText } from '../../views/domain/index.ts'
import { isComposing } from '../../web/ui/keys.ts'
import { filterOf, type InboxSearch, withFilter } from './inbox-search.ts'
import { languageNo, useLexicon } from './use-lexicon.ts'

type Props = { search: InboxSearch; close: () => void; focus: boolean }

/** All conditions as one line: 狀態:調查中 負責:我 逾時. What is not understood is told where it stands, and stays. */
export default function FilterLine({ search, close, focus }: Props) {
  const { t } = useTranslation()
  const lexicon = useLexicon()
  const navigate = useNavigate()
  const written = writeFilterText(filterOf(search), lexicon, languageNo(), search.rest)
  const [typed, setTyped] = useState<string>()
  const text = typed ?? written
  const read = readFilterText(text, lexicon)
  const apply = () => {
    setTyped(undefined)
    void navigate({ to: '/complaints', search: withFilter(search, read.filter, read.rest) })
  }
  const onKeyDown = (e: React.KeyboardEvent) => {
    if (isComposing(e.nativeEvent)) return
    if (e.key === 'Enter') apply()
    if (e.key === 'Escape') {
      setTyped(undefined)
      close()
    }
  }
  return (
    <div className="filter-line">
      <TextInput
        size="xs"
        autoFocus={focus}
        aria-label={t('filter-text.label')}
        placeholder={t('filter-text.example')}
        value={text}
        onChange={(e) => setTyped(e.currentTarget.value)}
        onKeyDown={onKeyDown}
        onBlur={() => typed !== undefined && typed !== written && apply()}
        spellCheck={false}
        error={read.problems.length > 0 && <Problems problems={read.problems} text={text} />}
      />
    </div>
  )
}

function Problems({ problems, text }: { problems: readonly TextProblem[]; text: string }) {
  const { t } = useTranslation()
  const inner = problems.filter((p) => p.code === 'unknown-word').map((p) => p.word)
  return (
    <>
      <span className="where-wrong" aria-hidden="true">
        {marked(text, problems)}
      </span>
      {problems.map((p) => (
        <span key={`${p.from}-${p.code}`} className="wrong-word">
          {t(`filter-text.${p.code}`, { word: p.word, place: p.from + 1 })}
        </span>
      ))}
      {inner.length > 0 && (
        <Link to="/search" search={{ q: inner.join(' ') }} className="link">
          {t('filter-text.search-instead', { words: inner.join(' ') })}
        </Link>
      )}
    </>
  )
}

/** The line again with what is wrong underlined. */
function marked(text: string, problems: readonly TextProblem[]): React.ReactNode[] {
  let at = 0
  const parts: React.ReactNode[] = []
  for (const p of problems) {
    parts.push(text.slice(at, p.from), <u key={p.from}>{text.slice(p.from, p.to)}</u>)
    at = p.to
  }
  return [...parts, text.slice(at)]
}
