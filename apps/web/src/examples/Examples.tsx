// Where to begin, below the form: prompts for the chosen model, and videos of the demo model with all that made them. What is
// picked fills the form.

import { Button, Group, Stack, Text, Title } from '@mantine/core'
import { useQuery } from '@tanstack/react-query'
import { useCallback } from 'react'
import { useTranslation } from 'react-i18next'
import { capabilitiesQuery, modelsQuery } from '../api/models.ts'
import { useDraft } from '../settings/draft.ts'
import { NOTHING, type Settings } from '../settings/settings.ts'
import { ExampleCard } from './ExampleCard.tsx'
import styles from './Examples.module.css'
import { demoModelOf, EXAMPLES, type Example, PROMPTS } from './examples.ts'
import { WordBuilder } from './WordBuilder.tsx'

/** `onPick` gets whole settings: what they leave undefined is the model's own. */
export function Examples({ onPick }: { onPick: (settings: Settings) => void }) {
  const { data: models } = useQuery(modelsQuery)
  const { data: capabilities } = useQuery(capabilitiesQuery)
  const { settings } = useDraft()
  if (!models || !capabilities) return null
  const demo = demoModelOf(models)?.id
  const chosen = models.find(({ id }) => id === settings.model)?.id ?? capabilities.default_model
  return (
    <Stack gap="xl">
      {chosen !== demo && <Prompts onPick={(prompt) => onPick({ ...NOTHING, prompt, model: settings.model })} />}
      {demo !== undefined && <Gallery model={demo} onPick={onPick} />}
    </Stack>
  )
}

function Prompts({ onPick }: { onPick: (prompt: string) => void }) {
  const { t } = useTranslation('examples')
  return (
    <Stack component="section" gap="sm" aria-labelledby="prompts">
      <div>
        <Title order={2} id="prompts" size="h3">
          {t('prompts.title')}
        </Title>
        <Text c="dimmed">{t('prompts.text')}</Text>
      </div>
      <Group gap="xs">
        {PROMPTS.map((prompt) => (
          <Button key={prompt} variant="default" radius="xl" fw={450} lang="en" translate="no" onClick={() => onPick(prompt)}>
            {prompt}
          </Button>
        ))}
      </Group>
    </Stack>
  )
}

function Gallery({ model, onPick }: { model: string; onPick: (settings: Settings) => void }) {
  const { t } = useTranslation('examples')
  const pick = useCallback((example: Example) => onPick({ task: 'generate', model, ...example.settings }), [model, onPick])
  return (
    <Stack component="section" gap="md" aria-labelledby="examples">
      <div>
        <Title order={2} id="examples" size="h3">
          {t('title')}
        </Title>
        <Text c="dimmed">{t('text')}</Text>
      </div>
      <ul className={styles.grid}>
        {EXAMPLES.map((example) => (
          <li key={example.video} className={styles.item}>
            <ExampleCard example={example} onPick={pick} />
          </li>
        ))}
      </ul>
      <WordBuilder onPick={(prompt) => onPick({ ...NOTHING, prompt, model })} />
    </Stack>
  )
}
