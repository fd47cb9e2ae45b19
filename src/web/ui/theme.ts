import { createTheme } from '@mantine/core'

// Scroll locking writes a style tag, which the content security policy forbids; the panes scroll by themselves.
const overlay = { lockScroll: false, transitionProps: { duration: 100 } }
const popup = { transitionProps: { duration: 80 }, shadow: 'sm' }

/** Colours live in theme.css; here are only defaults of behaviour, by name so that unused parts are not loaded. */
export const theme = createTheme({
  primaryColor: 'teal',
  fontFamily: 'var(--font)',
  defaultRadius: 6,
  respectReducedMotion: true,
  components: {
    Modal: { defaultProps: { ...overlay, size: 560 } },
    Drawer: { defaultProps: overlay },
    Menu: { defaultProps: popup },
    Popover: { defaultProps: popup },
    Textarea: { defaultProps: { rows: 3 } },
  },
})
