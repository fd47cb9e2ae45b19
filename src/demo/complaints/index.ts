import type { Complaint } from '../types.ts'
import { kettleAbroad } from './kettle-abroad.ts'
import { kettleTaipei } from './kettle-taipei.ts'
import { taipeiOpen } from './taipei-open.ts'

/** Every complaint of the demo, in no particular order; a link may point forwards. */
export const complaints: readonly Complaint[] = [...kettleTaipei, ...kettleAbroad, ...taipeiOpen]
