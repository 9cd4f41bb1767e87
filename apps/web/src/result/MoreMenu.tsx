// The less usual actions on a finished video.

import { ActionIcon, Menu, Text } from '@mantine/core'
import { useQuery } from '@tanstack/react-query'
import { Ellipsis, FastForward, Link2, type LucideIcon, Maximize2, Share2, Trash2, WandSparkles } from 'lucide-react'
import type { ReactNode } from 'react'
import { useTranslation } from 'react-i18next'
import { capabilitiesQuery } from '../api/models.ts'
import type { VideoObject } from '../api/types.ts'
import { formatNumber } from '../ui/format.ts'
import { canShareFiles } from './save.ts'
import { upscaleOf } from './upscale.ts'
import type { ResultActs } from './use-result-actions.ts'

interface MoreMenuProps {
  readonly video: VideoObject
  readonly acts: ResultActs
  readonly isBusy: boolean
}

export function MoreMenu({ video, acts, isBusy }: MoreMenuProps) {
  const { t } = useTranslation('result')
  return (
    <Menu position="bottom-end" width={280}>
      <Menu.Target>
        <ActionIcon variant="subtle" color="gray" c="var(--mantine-color-text)" size="lg" aria-label={t('more')}>
          <Ellipsis size={18} aria-hidden />
        </ActionIcon>
      </Menu.Target>
      <Menu.Dropdown>
        <UpscaleItem video={video} acts={acts} isBusy={isBusy} />
        <Item icon={FastForward} act={acts.extend} why={t('extend.why')}>
          {t('extend.button')}
        </Item>
        <Item icon={WandSparkles} act={acts.edit} why={t('edit.why')}>
          {t('edit.button')}
        </Item>
        <Menu.Divider />
        {canShareFiles() && (
          <Item icon={Share2} act={acts.share}>
            {t('share.button')}
          </Item>
        )}
        <Item icon={Link2} act={acts.copyLink} why={t('link.why')}>
          {t('link.button')}
        </Item>
        <Menu.Divider />
        <Item icon={Trash2} act={() => void acts.remove()}>
          {t('delete')}
        </Item>
      </Menu.Dropdown>
    </Menu>
  )
}

/** Says the size that it comes to, or why it cannot be. */
function UpscaleItem({ video, acts, isBusy }: MoreMenuProps) {
  const { t, i18n } = useTranslation('result')
  const { data: capabilities } = useQuery(capabilitiesQuery)
  const size = upscaleOf(video, capabilities)
  const mayStart = size?.possible === true && !isBusy
  const why =
    size &&
    (size.possible
      ? t('upscale.why', { width: size.width, height: size.height })
      : t('upscale.tooLarge', {
          width: size.width,
          height: size.height,
          most: formatNumber(capabilities?.limits.pixels ?? 0, i18n.language),
        }))
  return (
    <Item icon={Maximize2} act={mayStart ? () => acts.upscale(size) : undefined} why={why}>
      {t('upscale.button')}
    </Item>
  )
}

interface ItemProps {
  readonly icon: LucideIcon
  /** Undefined: not now; the item can still be reached, so that `why` can be read. */
  readonly act: (() => void) | undefined
  readonly why?: string | undefined
  readonly children: ReactNode
}

function Item({ icon: Icon, act, why, children }: ItemProps) {
  return (
    <Menu.Item
      leftSection={<Icon size={16} aria-hidden />}
      aria-disabled={act === undefined}
      closeMenuOnClick={act !== undefined}
      onClick={() => act?.()}
    >
      <Text component="span" display="block" size="sm" {...(!act && { c: 'dimmed' })}>
        {children}
      </Text>
      {why !== undefined && (
        <Text component="span" display="block" size="xs" c="dimmed">
          {why}
        </Text>
      )}
    </Menu.Item>
  )
}
