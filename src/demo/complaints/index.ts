import { withApprovals } from '../approvals.ts'
import { toldComplaints } from '../told/index.ts'
import type { Complaint } from '../types.ts'
import { kettleLondon } from './kettle-london.ts'
import { kettleShanghai } from './kettle-shanghai.ts'
import { kettleTaipei } from './kettle-taipei.ts'
import { londonClosed } from './london-closed.ts'
import { londonDeciding } from './london-deciding.ts'
import { londonElsewhere } from './london-elsewhere.ts'
import { londonOpen } from './london-open.ts'
import { londonWorking } from './london-working.ts'
import { shanghaiClosed } from './shanghai-closed.ts'
import { shanghaiDeciding } from './shanghai-deciding.ts'
import { shanghaiElsewhere } from './shanghai-elsewhere.ts'
import { shanghaiOpen } from './shanghai-open.ts'
import { shanghaiRemedies } from './shanghai-remedies.ts'
import { taipeiClosed } from './taipei-closed.ts'
import { taipeiConfidential } from './taipei-confidential.ts'
import { taipeiElsewhere } from './taipei-elsewhere.ts'
import { taipeiFormal } from './taipei-formal.ts'
import { taipeiOpen } from './taipei-open.ts'
import { taipeiUrgent } from './taipei-urgent.ts'

const told: readonly Complaint[] = [
  ...kettleLondon,
  ...kettleShanghai,
  ...kettleTaipei,
  ...londonClosed,
  ...londonDeciding,
  ...londonElsewhere,
  ...londonOpen,
  ...londonWorking,
  ...shanghaiClosed,
  ...shanghaiDeciding,
  ...shanghaiElsewhere,
  ...shanghaiOpen,
  ...shanghaiRemedies,
  ...taipeiClosed,
  ...taipeiConfidential,
  ...taipeiElsewhere,
  ...taipeiFormal,
  ...taipeiOpen,
  ...taipeiUrgent,
]

const scripted = told.map(withApprovals)

/** Every complaint of the demo as of `now` (epoch ms), in no particular order; a link may point forwards. */
export const complaintsAt = (now: number): readonly Complaint[] => [...scripted, ...toldComplaints(now)]
