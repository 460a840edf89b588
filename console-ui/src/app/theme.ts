import { createTheme, type CSSVariablesResolver } from '@mantine/core'

export const theme = createTheme({
  primaryColor: 'drizzle',
  primaryShade: { dark: 7, light: 8 },
  colors: {
    drizzle: ['#e6f6fd', '#c9e9f8', '#93d2ef', '#5bb9e6', '#2fa4dd', '#128fcc', '#077cb5', '#066798', '#06527a', '#053c5a'],
  },
  fontFamily: 'system-ui, -apple-system, "Segoe UI", Roboto, sans-serif',
  defaultRadius: 'sm',
  components: {
    // What is active is told by more than its colour, and reads at 4.5:1 while it is hovered too.
    NavLink: { defaultProps: { variant: 'filled', py: 5 }, styles: { root: { borderRadius: 'var(--mantine-radius-sm)' } } },
    Alert: { styles: { title: { color: 'var(--mantine-color-text)' } } },
    Badge: { styles: { label: { textTransform: 'none' } } },
  },
})

/** Dimmed text that reads at 4.5:1 in both schemes. */
export const resolver: CSSVariablesResolver = () => ({
  variables: {},
  light: { '--mantine-color-dimmed': '#52595f', '--mantine-color-error': '#b42318' },
  dark: { '--mantine-color-dimmed': '#a7b0b8', '--mantine-color-error': '#ff8f8f', '--mantine-color-body': '#14181c' },
})
