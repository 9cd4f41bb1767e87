// The player's buttons and its line of frames.

import { ActionIcon, Button, Group, Menu, Slider, Text, Tooltip } from '@mantine/core'
import { ChevronLeft, ChevronRight, type LucideIcon, Maximize, Minimize, Pause, Play } from 'lucide-react'
import { useTranslation } from 'react-i18next'
import { formatNumber } from '../ui/format.ts'
import type { FullScreen } from './use-full-screen.ts'
import type { Playback } from './use-playback.ts'
import styles from './VideoPlayer.module.css'

const SPEEDS = [0.25, 0.5, 1, 1.5, 2] as const

interface ControlsProps {
  readonly playback: Playback
  readonly count: number
  readonly fullScreen: FullScreen
}

export function Controls({ playback, count, fullScreen }: ControlsProps) {
  const { t } = useTranslation('player')
  const { frame, playing } = playback
  return (
    <>
      <Slider
        min={0}
        max={Math.max(1, count - 1)}
        value={frame}
        onChange={playback.show}
        disabled={count < 2}
        label={null}
        size="sm"
        thumbSize={16}
        thumbLabel={t('position')}
        thumbValueText={(value) => t('frame', { frame: value + 1, count })}
      />
      <Group justify="space-between" gap={4} mt={6} wrap="nowrap">
        <Group gap={2} wrap="nowrap">
          <Control label={t(playing ? 'pause' : 'play')} icon={playing ? Pause : Play} act={playback.toggle} />
          <Control label={t('back')} icon={ChevronLeft} act={() => playback.step(-1)} />
          <Control label={t('forward')} icon={ChevronRight} act={() => playback.step(1)} />
          <Text size="sm" ml={6} className={styles.counter}>
            {t('frame', { frame: frame + 1, count })}
          </Text>
        </Group>
        <Group gap={2} wrap="nowrap">
          <Speed playback={playback} />
          {fullScreen.possible && (
            <Control
              label={t(fullScreen.on ? 'leaveFullScreen' : 'fullScreen')}
              icon={fullScreen.on ? Minimize : Maximize}
              act={fullScreen.toggle}
            />
          )}
        </Group>
      </Group>
    </>
  )
}

function Control({ label, icon: Icon, act }: { label: string; icon: LucideIcon; act: () => void }) {
  return (
    <Tooltip label={label} openDelay={500} withinPortal={false}>
      <ActionIcon variant="subtle" color="gray" c="var(--mantine-color-text)" size="lg" aria-label={label} onClick={act}>
        <Icon size={18} aria-hidden />
      </ActionIcon>
    </Tooltip>
  )
}

/** Within the player, since full screen shows nothing outside of it. */
function Speed({ playback: { speed, setSpeed } }: { playback: Playback }) {
  const { t, i18n } = useTranslation('player')
  const text = (value: number) => t('times', { speed: formatNumber(value, i18n.language) })
  return (
    <Menu position="top-end" withinPortal={false}>
      <Menu.Target>
        <Button
          variant="subtle"
          color="gray"
          c="var(--mantine-color-text)"
          size="compact-md"
          fz="sm"
          fw={500}
          aria-label={t('speed', { speed: formatNumber(speed, i18n.language) })}
        >
          {text(speed)}
        </Button>
      </Menu.Target>
      <Menu.Dropdown>
        <Menu.RadioGroup value={String(speed)} onChange={(value) => setSpeed(Number(value))}>
          {SPEEDS.map((value) => (
            <Menu.RadioItem key={value} value={String(value)} closeMenuOnClick>
              {text(value)}
            </Menu.RadioItem>
          ))}
        </Menu.RadioGroup>
      </Menu.Dropdown>
    </Menu>
  )
}
