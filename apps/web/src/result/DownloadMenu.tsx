// The video as a file: MP4 as it is, WebM and GIF made by the service when they are first asked for.

import { Button, Menu, Text } from '@mantine/core'
import { ChevronDown, Download } from 'lucide-react'
import { useTranslation } from 'react-i18next'
import type { DownloadKind, ResultActs } from './use-result-actions.ts'

const KINDS: readonly DownloadKind[] = ['mp4', 'webm', 'gif']

export function DownloadMenu({ acts, isBusy }: { acts: ResultActs; isBusy: boolean }) {
  const { t } = useTranslation('result')
  return (
    <Menu position="bottom-start" width={260}>
      <Menu.Target>
        <Button leftSection={<Download size={16} aria-hidden />} rightSection={<ChevronDown size={16} aria-hidden />}>
          {t('download.button')}
        </Button>
      </Menu.Target>
      <Menu.Dropdown>
        {KINDS.map((kind) => (
          <Menu.Item key={kind} aria-disabled={isBusy} onClick={() => isBusy || acts.download(kind)}>
            <Text component="span" display="block" size="sm" fw={550}>
              {t(`download.${kind}`)}
            </Text>
            <Text component="span" display="block" size="xs" c="dimmed">
              {t(`download.${kind}Why`)}
            </Text>
          </Menu.Item>
        ))}
      </Menu.Dropdown>
    </Menu>
  )
}
