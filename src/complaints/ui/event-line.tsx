import { Popover } from '@mantine/core'
import { useTranslation } from 'react-i18next'
import { When } from '../../web/ui/when.tsx'
import type { ComplaintPage, TimelineItem } from '../contract.ts'
import { useEventWords } from './event-words.ts'

type Event = Extract<TimelineItem, { kind: 'event' }>

/** One thing that was done, as a sentence; its facts one click away. */
export function EventLine({ item, page }: { item: Event; page: ComplaintPage }) {
  const { t } = useTranslation()
  const words = useEventWords(page)
  const facts = words.facts(item)
  return (
    <li className="ev">
      <When at={item.at} exact /> {words.sentence(item)}
      {facts.length > 0 && (
        <>
          {' '}
          <Popover width={320} position="bottom-start">
            <Popover.Target>
              <button type="button" className="plain why">
                {t('timeline.details')}
              </button>
            </Popover.Target>
            <Popover.Dropdown>
              <dl className="kv">
                {facts.map(([name, value]) => (
                  <div key={name}>
                    <dt>{name}</dt>
                    <dd>{value}</dd>
                  </div>
                ))}
              </dl>
            </Popover.Dropdown>
          </Popover>
        </>
      )}
    </li>
  )
}
