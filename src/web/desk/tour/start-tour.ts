export const ASKED = 'redress:tour'

/** Begins the tour, for the first time or again. */
export const startTour = (): void => void window.dispatchEvent(new Event(ASKED))
