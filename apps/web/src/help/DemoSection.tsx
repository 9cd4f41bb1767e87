// All words of the demo model, where the service has it, and how well its movements come out.

import { Group, Text } from '@mantine/core'
import { useTranslation } from 'react-i18next'
import { BACKGROUNDS, COLORS, MOTIONS, SHAPES, SIZES } from '../examples/words.ts'
import styles from './DemoSection.module.css'
import { Marked } from './Marked.tsx'
import { Section } from './Section.tsx'
import { useDemoModel } from './use-demo-model.ts'

const GROUPS = { sizes: SIZES, colors: COLORS, shapes: SHAPES, backgrounds: BACKGROUNDS, ...MOTIONS } as const

export function DemoSection() {
  const { t } = useTranslation('help')
  if (useDemoModel() === undefined) return null
  return (
    <Section name="demo">
      <Text lh="inherit">
        <Marked text={t('demo.text')} />
      </Text>
      <dl className={styles.groups}>
        {(Object.keys(GROUPS) as (keyof typeof GROUPS)[]).map((name) => (
          <div key={name} className={styles.group}>
            <dt className={styles.name}>{t(`demo.${name}`)}</dt>
            <dd className={styles.words}>
              <Words words={GROUPS[name]} />
            </dd>
          </div>
        ))}
      </dl>
      <Text lh="inherit">{t('demo.hint')}</Text>
    </Section>
  )
}

function Words({ words }: { words: (typeof GROUPS)[keyof typeof GROUPS] }) {
  const { t } = useTranslation('examples')
  return (
    <Group gap={6} translate="no">
      {words.map((word) => (
        <span key={word} className={styles.word}>
          {t(`words.${word}`)}
        </span>
      ))}
    </Group>
  )
}
