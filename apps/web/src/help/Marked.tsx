// A text in which <code>…</code> stands around what is typed as it is: prompts are English on every page.

import { Code } from '@mantine/core'
import styles from './Marked.module.css'

export function Marked({ text }: { text: string }) {
  return text.split(/<code>(.*?)<\/code>/).map((part, index) => {
    const key = `${index} ${part}`
    return index % 2 === 0 ? (
      <span key={key}>{part}</span>
    ) : (
      <Code key={key} className={styles.code} lang="en" translate="no">
        {part}
      </Code>
    )
  })
}
