// The queue without a video: where to get one.

import { Button, Stack, Text, ThemeIcon, Title } from '@mantine/core'
import { ListVideo, Sparkles } from 'lucide-react'
import { useTranslation } from 'react-i18next'
import { Link } from 'wouter'

export function EmptyQueue() {
  const { t } = useTranslation('queue')
  return (
    <Stack align="center" ta="center" gap="sm" py={{ base: 40, md: 88 }} px="md">
      <ThemeIcon size={64} radius="xl" variant="light">
        <ListVideo size={30} aria-hidden />
      </ThemeIcon>
      <Title order={2} fz="xl">
        {t('empty.title')}
      </Title>
      <Text maw={420}>{t('empty.text')}</Text>
      <Button component={Link} href="/" mt="xs" leftSection={<Sparkles size={16} aria-hidden />}>
        {t('empty.create')}
      </Button>
    </Stack>
  )
}
