// Everything beside the prompt, closed until it is wanted; closed, it tells how much is changed.

import { Accordion, Badge, Button, Group, Stack, Text } from '@mantine/core'
import { RotateCcw } from 'lucide-react'
import { lazy, Suspense, useState } from 'react'
import { useTranslation } from 'react-i18next'
import { setDraft } from '../settings/draft.ts'
import { changedOptions, withoutOptions } from '../settings/options.ts'
import { Loading } from '../ui/Loading.tsx'
import styles from './AdvancedOptions.module.css'
import { useForm } from './form-context.ts'

const ITEM = 'advanced'

/** Most of the page's code, and not wanted by everyone. */
const Options = lazy(async () => ({ default: (await import('./Options.tsx')).Options }))

export function AdvancedOptions({ opened, onToggle }: { opened: boolean; onToggle: (opened: boolean) => void }) {
  const { t } = useTranslation('create')
  const { capabilities, settings, file } = useForm()
  const [wasOpened, setWasOpened] = useState(opened)
  if (opened && !wasOpened) setWasOpened(true)
  const count = changedOptions(capabilities, settings, file !== undefined).length
  return (
    <Accordion
      variant="contained"
      radius="md"
      order={2}
      classNames={{ item: styles.accordion, control: styles.control }}
      keepMountedMode="display-none"
      value={opened ? ITEM : null}
      onChange={(value) => onToggle(value === ITEM)}
    >
      <Accordion.Item value={ITEM}>
        <Accordion.Control>
          <Group gap="xs" wrap="nowrap">
            <Text span fw={600}>
              {t('advanced')}
            </Text>
            {count > 0 && (
              <Badge variant="light" tt="none">
                {t('changed', { count })}
              </Badge>
            )}
          </Group>
        </Accordion.Control>
        <Accordion.Panel>
          <Stack gap="lg">
            {wasOpened && (
              <Suspense fallback={<Loading />}>
                <Options />
              </Suspense>
            )}
            <Button
              variant="default"
              leftSection={<RotateCcw size={16} aria-hidden />}
              data-disabled={count === 0}
              aria-disabled={count === 0}
              onClick={() => count > 0 && setDraft({ settings: withoutOptions(settings) })}
            >
              {t('reset')}
            </Button>
          </Stack>
        </Accordion.Panel>
      </Accordion.Item>
    </Accordion>
  )
}
