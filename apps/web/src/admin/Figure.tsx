// One figure with its name, large enough to be read in passing; leads to where it comes from, if `href` says where.

import { Paper, Text } from '@mantine/core'
import type { LucideIcon } from 'lucide-react'
import { Link } from 'wouter'
import styles from './Figure.module.css'

interface FigureProps {
  readonly icon: LucideIcon
  readonly name: string
  readonly value: string
  /** More about it, in a few words. */
  readonly text?: string | undefined
  readonly href?: string
}

export function Figure({ icon: Icon, name, value, text, href }: FigureProps) {
  const content = (
    <>
      <Text component="span" size="sm" className={styles.name}>
        <Icon size={16} aria-hidden />
        {name}
      </Text>
      <Text component="span" fz={28} fw={650} lh={1.2} className={styles.value}>
        {value}
      </Text>
      <Text component="span" size="sm" c="dimmed">
        {text}
      </Text>
    </>
  )
  return href === undefined ? (
    <Paper withBorder radius="lg" p="lg" className={styles.figure}>
      {content}
    </Paper>
  ) : (
    <Paper withBorder radius="lg" p="lg" className={styles.figure} component={Link} href={href}>
      {content}
    </Paper>
  )
}
