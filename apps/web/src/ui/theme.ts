// How the application looks: colours, sizes and the defaults of Mantine's components. Every pair of text and ground that
// is used has a contrast of at least 4.5 to 1 in both schemes (WCAG 2.2, 1.4.3); the end-to-end tests measure it.

import { createTheme, type MantineColorsTuple } from '@mantine/core'

const teal: MantineColorsTuple = [
  '#e8faf7',
  '#cdf3ec',
  '#9de6da',
  '#64d5c4',
  '#34c0ad',
  '#16a394',
  '#0c857a',
  '#0f766e',
  '#115e59',
  '#134e4a',
]

const dark: MantineColorsTuple = [
  '#d5dbdd',
  '#b3bcbf',
  '#93a0a4',
  '#64757a',
  '#3b4a4f',
  '#2b383d',
  '#1f2a2e',
  '#172023',
  '#101719',
  '#0a0f11',
]

const SYSTEM_FONTS =
  "system-ui, -apple-system, 'Segoe UI', Roboto, 'Helvetica Neue', 'Noto Sans', 'PingFang SC', 'Hiragino Sans GB', 'Microsoft YaHei', 'Noto Sans CJK SC', sans-serif"

export const theme = createTheme({
  colors: { kinora: teal, dark },
  primaryColor: 'kinora',
  primaryShade: { light: 7, dark: 7 },
  defaultRadius: 'md',
  fontFamily: SYSTEM_FONTS,
  headings: {
    fontFamily: SYSTEM_FONTS,
    fontWeight: '650',
    sizes: { h1: { fontSize: '1.75rem' }, h2: { fontSize: '1.375rem' }, h3: { fontSize: '1.125rem' }, h4: { fontSize: '1rem' } },
  },
  cursorType: 'pointer',
  respectReducedMotion: true,
  focusRing: 'auto',
})
