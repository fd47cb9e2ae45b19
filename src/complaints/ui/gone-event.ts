/** Somebody here lost sight of a complaint; its id is the detail. */
export const goneEvent = 'redress-gone'
