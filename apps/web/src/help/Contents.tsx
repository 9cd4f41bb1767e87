// Links to the sections, with the one marked that is being read. Only where there is room beside the text.

import { Text } from '@mantine/core'
import { useTranslation } from 'react-i18next'
import styles from './HelpPage.module.css'
import { SECTIONS } from './sections.ts'
import { useDemoModel } from './use-demo-model.ts'
import { useSectionInView } from './use-section-in-view.ts'

export function Contents() {
  const { t } = useTranslation('help')
  const demo = useDemoModel()
  const here = useSectionInView(SECTIONS)
  const shown = SECTIONS.filter((name) => name !== 'demo' || demo !== undefined)
  return (
    <nav aria-labelledby="contents" className={styles.contents}>
      <Text id="contents" fw={600} fz="sm" mb="xs">
        {t('contents')}
      </Text>
      <ul className={styles.links}>
        {shown.map((name) => (
          <li key={name}>
            <a href={`#${name}`} className={styles.link} aria-current={here === name ? 'location' : undefined}>
              {t(`${name}.title`)}
            </a>
          </li>
        ))}
      </ul>
    </nav>
  )
}
