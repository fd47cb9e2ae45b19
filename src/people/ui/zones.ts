/** Zones people of the shipped languages live in first, then all others the browser knows. */
const first = ['Asia/Taipei', 'Asia/Hong_Kong', 'Asia/Shanghai', 'Asia/Singapore', 'Europe/London', 'UTC']

export function zoneNames(current?: string): string[] {
  return [...new Set([...(current ? [current] : []), ...first, ...Intl.supportedValuesOf('timeZone')])]
}
