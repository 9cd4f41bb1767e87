// The look of the site: VitePress's own theme without its fonts (the system's are at hand, and know Chinese), in Kinora's colours.

import DefaultTheme from 'vitepress/theme-without-fonts'
import './theme.css'

export default DefaultTheme
