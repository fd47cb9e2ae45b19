import { expect, test } from 'vitest'
import { dateReader, guessDates } from './dates.ts'

const taipei = 'Asia/Taipei'
const read = (format: string, text: string | number | Date, zone = taipei) => {
  const found = dateReader({ format, zone })(text)
  return found ? new Date(found.at).toISOString() : undefined
}

test.each([
  ['iso', '2024-03-05', '2024-03-04T16:00:00.000Z'],
  ['iso', '2024-03-05T10:00:00Z', '2024-03-05T10:00:00.000Z'],
  ['iso', '2024-03-05 10:00:00.123456+02:00', '2024-03-05T08:00:00.123Z'],
  ['yyyy/MM/dd', '2024/3/5', '2024-03-04T16:00:00.000Z'],
  ['yyyyMMdd', '20240305', '2024-03-04T16:00:00.000Z'],
  ['yyyy年M月d日', '2024年3月5日', '2024-03-04T16:00:00.000Z'],
  ['民國rrr年M月d日', '民國113年3月5日', '2024-03-04T16:00:00.000Z'],
  ['rrr/MM/dd HH:mm', '113/03/05 09:30', '2024-03-05T01:30:00.000Z'],
  ['rrr.MM.dd', '99.12.31', '2010-12-30T16:00:00.000Z'],
  ['dd/MM/yyyy', '05/03/2024', '2024-03-04T16:00:00.000Z'],
  ['MM/dd/yyyy', '05/03/2024', '2024-05-02T16:00:00.000Z'],
  ['MM/dd/yy hh:mm a', '05/03/24 12:10 AM', '2024-05-02T16:10:00.000Z'],
  ['yyyy/MM/dd a hh:mm:ss', '2024/3/5 下午 03:04:05', '2024-03-05T07:04:05.000Z'],
  ['d MMM yyyy', '5 March 2024', '2024-03-04T16:00:00.000Z'],
  ['excel', 45356, '2024-03-04T16:00:00.000Z'],
  ['excel', '45356.5', '2024-03-05T04:00:00.000Z'],
  ['unix', 1709632800, '2024-03-05T10:00:00.000Z'],
  ['iso', '２０２４-０３-０５', '2024-03-04T16:00:00.000Z'],
  ['iso', new Date(Date.UTC(2024, 2, 5, 9)), '2024-03-05T01:00:00.000Z'],
  ['iso', '2024-02-30', undefined],
  ['iso', '2023-02-29', undefined],
  ['iso', '0000-00-00', undefined],
  ['iso', '0000-01-01', undefined],
  ['iso', '99999-01-01', undefined],
  ['iso', '2024-13-01', undefined],
  ['iso', '2024-03-05 25:00:00', undefined],
  ['rrr/MM/dd', '113/02/30', undefined],
  ['dd/MM/yyyy', '31/02/2024', undefined],
  ['dd/MM/yyyy', '05/13/2024', undefined],
  ['iso', 'yesterday', undefined],
  ['unix', '1e309', undefined],
] as const)('%s reads %s as %s', (format, text, wanted) => expect(read(format, text)).toBe(wanted))

test.each([
  [['2024-01-02', '2024-11-12'], 'iso', 0],
  [['2024/01/02 10:00', '2024/11/12 9:05'], 'yyyy/MM/dd HH:mm', 0],
  [['113/01/02', '98/12/31'], 'rrr/MM/dd', 0],
  [['13/01/2024', '02/03/2024'], 'dd/MM/yyyy', 0],
  [['01/13/2024', '02/03/2024'], 'MM/dd/yyyy', 0],
  [['01/02/2024', '03/04/2024', '05/05/2024'], 'dd/MM/yyyy', 2],
  [['45356', '45357.25'], 'excel', 0],
  [['1709632800'], 'unix', 0],
  [['1709632800000'], 'unix-ms', 0],
] as const)('%j is guessed to be %s, with %d that could be read either way', (cells, format, swappable) =>
  expect(guessDates([...cells])).toMatchObject({ format, swappable }),
)

test('a column with both orders says how many its format does not read', () => {
  expect(guessDates(['13/01/2024', '14/01/2024', '01/15/2024'])).toMatchObject({
    format: 'dd/MM/yyyy',
    fits: 2,
    against: 1,
  })
})

test('words are no dates', () => expect(guessDates(['open', 'closed'])).toBeUndefined())
