// Style sheets that the theme imports for their effect.

declare module '*.css'
