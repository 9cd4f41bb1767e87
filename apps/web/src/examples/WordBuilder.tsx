// Puts a prompt together out of the words that the demo model knows, so that nobody has to guess them.

import { Button, Group, NativeSelect, Paper, Stack, Text, Title } from '@mantine/core'
import { Dices, PencilLine } from 'lucide-react'
import { useState } from 'react'
import { useTranslation } from 'react-i18next'
import styles from './WordBuilder.module.css'
import { anyScene, BACKGROUNDS, COLORS, hasSize, isVisible, promptOf, type Scene, SHAPES, SHOWN_MOTIONS, SIZES } from './words.ts'

type Word = NonNullable<Scene[keyof Scene]>

const START: Scene = { size: 'big', color: 'yellow', shape: 'triangle', motion: 'falling', background: 'navy' }

export function WordBuilder({ onPick }: { onPick: (prompt: string) => void }) {
  const { t } = useTranslation('examples')
  const [scene, setScene] = useState(START)
  const prompt = promptOf(scene)
  return (
    <Paper withBorder p={{ base: 'md', sm: 'lg' }} component="section" aria-labelledby="builder">
      <Stack gap="md">
        <div>
          <Title order={3} id="builder" size="h4">
            {t('builder.title')}
          </Title>
          <Text c="dimmed">{t('builder.text')}</Text>
        </div>
        <Words scene={scene} onChange={setScene} />
        <Group justify="space-between" gap="md">
          <Text component="output" aria-live="polite" fw={600} fz="lg" lang="en" translate="no">
            {prompt}
          </Text>
          <Group gap="xs">
            <Button variant="default" leftSection={<Dices size={16} aria-hidden />} onClick={() => setScene(anyScene())}>
              {t('builder.random')}
            </Button>
            <Button
              variant="light"
              leftSection={<PencilLine size={16} aria-hidden />}
              disabled={!isVisible(scene)}
              onClick={() => onPick(prompt)}
            >
              {t('builder.use')}
            </Button>
          </Group>
        </Group>
      </Stack>
    </Paper>
  )
}

function Words({ scene, onChange }: { scene: Scene; onChange: (scene: Scene) => void }) {
  const { t } = useTranslation('examples')
  const select = (name: keyof Scene, words: readonly Word[]) => ({
    label: t(`builder.${name}`),
    translate: 'no' as const,
    value: scene[name] ?? '',
    data: words.map((word) => ({ value: word as string, label: t(`words.${word}`) })),
    onChange: (event: { currentTarget: { value: string } }) =>
      onChange({ ...scene, [name]: words.find((word) => word === event.currentTarget.value) }),
  })
  const size = select('size', SIZES)
  return (
    <div className={styles.words}>
      <NativeSelect {...size} data={[{ value: '', label: t('builder.anySize') }, ...size.data]} disabled={!hasSize(scene.motion)} />
      <NativeSelect {...select('color', COLORS)} />
      <NativeSelect {...select('shape', SHAPES)} />
      <NativeSelect {...select('motion', SHOWN_MOTIONS)} />
      <NativeSelect {...select('background', BACKGROUNDS)} error={isVisible(scene) ? undefined : t('builder.invisible')} />
    </div>
  )
}
