import type { Complaint } from '../types.ts'
import { kettleAbroad } from './kettle-abroad.ts'
import { kettleTaipei } from './kettle-taipei.ts'
import { londonDone } from './london-done.ts'
import { londonOpen } from './london-open.ts'
import { londonWorking } from './london-working.ts'
import { shanghaiDone } from './shanghai-done.ts'
import { shanghaiOpen } from './shanghai-open.ts'
import { shanghaiWorking } from './shanghai-working.ts'
import { taipeiDone } from './taipei-done.ts'
import { taipeiOpen } from './taipei-open.ts'
import { taipeiSensitive } from './taipei-sensitive.ts'

/** Every complaint of the demo, in no particular order; a link may point forwards. */
export const complaints: readonly Complaint[] = [
  ...kettleTaipei,
  ...kettleAbroad,
  ...taipeiOpen,
  ...taipeiSensitive,
  ...taipeiDone,
  ...shanghaiOpen,
  ...shanghaiWorking,
  ...shanghaiDone,
  ...londonOpen,
  ...londonWorking,
  ...londonDone,
]
