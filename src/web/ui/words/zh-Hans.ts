import { merged, type Words } from './merged.ts'

export default merged(
  import.meta.glob<Words>(['../../../*/locales/zh-Hans.json', '!../../../portal/**'], {
    eager: true,
    import: 'default',
  }),
)
