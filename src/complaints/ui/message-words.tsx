import { useState } from 'react'
import { useTranslation } from 'react-i18next'
import { type Block, harmless, type Inline, parseMarkup, plainBlocks } from '../../kit/pure/markup.ts'

const foldAt = 2_500
/** Lines above which a message is folded too. */
const foldLines = 40

/**
 * Words as text, never as HTML. Ours have their light markup; what strangers wrote is only words, without links to press.
 * Long ones are folded; `whole` is asked for where the server cut them.
 */
export function MessageWords({
  text,
  length,
  ours,
  whole,
}: {
  text: string
  length: number
  ours: boolean
  whole?: () => Promise<string>
}) {
  const { t } = useTranslation()
  const [open, setOpen] = useState(false)
  const [all, setAll] = useState<string | null>(null)
  const long = length > foldAt || lineCount(text) > foldLines
  const body = open ? (all ?? text) : long ? shortened(text) : text
  const unfold = async () => {
    if (!open && text.length < length && all === null) setAll((await whole?.()) ?? text)
    setOpen(!open)
  }
  return (
    <div className="words" dir="auto">
      {body.length > 30_000 ? (
        <pre className="plain-words">{harmless(body)}</pre>
      ) : (
        <Blocks blocks={ours ? parseMarkup(body) : plainBlocks(body)} />
      )}
      {long && (
        <button type="button" className="plain link small" aria-expanded={open} onClick={() => void unfold()}>
          {open ? t('timeline.fold-long') : t('timeline.unfold-long', { count: length })}
        </button>
      )}
    </div>
  )
}

function lineCount(text: string): number {
  let n = 1
  for (let i = text.indexOf('\n'); i >= 0 && n <= foldLines; i = text.indexOf('\n', i + 1)) n++
  return n
}

function shortened(text: string): string {
  const cut = text.split('\n', 25).join('\n').slice(0, 1_500)
  return cut.length < text.length ? `${cut}…` : cut
}

export function Blocks({ blocks }: { blocks: readonly Block[] }) {
  return blocks.map((block, i) => <OneBlock key={i} block={block} />)
}

function OneBlock({ block }: { block: Block }) {
  if (block.kind === 'quote')
    return (
      <blockquote>
        <Blocks blocks={block.blocks} />
      </blockquote>
    )
  if (block.kind === 'list') {
    const items = block.items.map((item, i) => (
      <li key={i}>
        <Parts parts={item} />
      </li>
    ))
    return block.ordered ? <ol start={block.start}>{items}</ol> : <ul>{items}</ul>
  }
  return (
    <p>
      {block.lines.map((line, i) => (
        <span key={i} className="line">
          <Parts parts={line} />
          {i < block.lines.length - 1 && '\n'}
        </span>
      ))}
    </p>
  )
}

function Parts({ parts }: { parts: readonly Inline[] }) {
  return parts.map((part, i) => <OnePart key={i} part={part} />)
}

function OnePart({ part }: { part: Inline }) {
  switch (part.kind) {
    case 'text':
      return harmless(part.text)
    case 'bold':
      return (
        <strong>
          <Parts parts={part.parts} />
        </strong>
      )
    case 'italic':
      return (
        <em>
          <Parts parts={part.parts} />
        </em>
      )
    case 'link':
      return (
        <a className="link" href={part.href} target="_blank" rel="noreferrer noopener nofollow" title={part.href}>
          <Parts parts={part.parts} />
        </a>
      )
  }
}
