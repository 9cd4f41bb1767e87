// Language and appearance, each a menu of which one item is chosen.

import { ActionIcon, type MantineColorScheme, Menu, useMantineColorScheme } from '@mantine/core'
import { Languages, Monitor, Moon, Sun } from 'lucide-react'
import type { ReactNode } from 'react'
import { useTranslation } from 'react-i18next'
import { chooseLanguage, isLanguage, LANGUAGES } from '../i18n/i18n.ts'

const ICONS = { light: Sun, dark: Moon, auto: Monitor } as const
const SCHEMES = Object.keys(ICONS) as MantineColorScheme[]

export function Preferences() {
  const { t, i18n } = useTranslation()
  const { colorScheme, setColorScheme } = useMantineColorScheme()
  const Appearance = ICONS[colorScheme]
  const changeScheme = (value: string) => setColorScheme(SCHEMES.find((scheme) => scheme === value) ?? 'auto')
  return (
    <>
      <Choice label={t('language')} icon={<Languages size={18} aria-hidden />} value={i18n.language} onChange={changeLanguage}>
        {Object.entries(LANGUAGES).map(([language, name]) => (
          <Menu.RadioItem key={language} value={language} lang={language} translate="no" closeMenuOnClick>
            {name}
          </Menu.RadioItem>
        ))}
      </Choice>
      <Choice label={t('theme.label')} icon={<Appearance size={18} aria-hidden />} value={colorScheme} onChange={changeScheme}>
        {SCHEMES.map((scheme) => (
          <Menu.RadioItem key={scheme} value={scheme} closeMenuOnClick>
            {t(`theme.${scheme}`)}
          </Menu.RadioItem>
        ))}
      </Choice>
    </>
  )
}

interface ChoiceProps {
  readonly label: string
  readonly icon: ReactNode
  readonly value: string
  readonly onChange: (value: string) => void
  readonly children: ReactNode
}

function Choice({ label, icon, value, onChange, children }: ChoiceProps) {
  return (
    <Menu position="bottom-end">
      <Menu.Target>
        <ActionIcon variant="subtle" color="gray" c="var(--mantine-color-text)" size="lg" aria-label={label}>
          {icon}
        </ActionIcon>
      </Menu.Target>
      <Menu.Dropdown>
        <Menu.RadioGroup value={value} onChange={onChange}>
          {children}
        </Menu.RadioGroup>
      </Menu.Dropdown>
    </Menu>
  )
}

function changeLanguage(value: string): void {
  if (isLanguage(value)) void chooseLanguage(value)
}
