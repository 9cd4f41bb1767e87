// Width and height: the model's own, the same in other shapes, or any that it can make.

import { Radio, Text } from '@mantine/core'
import { SlidersHorizontal, Video } from 'lucide-react'
import { useState } from 'react'
import { useTranslation } from 'react-i18next'
import { sizeOf, takes } from '../../settings/limits.ts'
import { changeSettings, idOf, useForm } from '../form-context.ts'
import { CustomSize } from './CustomSize.tsx'
import { Row } from './Row.tsx'
import styles from './SizeField.module.css'
import { chosenSize, type SizeCard, settingsOfCard, sizeCards } from './size-choice.ts'

/** Longest side of a drawn shape, in pixels. */
const DRAWN = 26

export function SizeField() {
  const { capabilities, settings } = useForm()
  const [isCustom, setCustom] = useState(false)
  if (!takes(capabilities, settings, 'width')) return null
  const cards = sizeCards(capabilities, settings)
  const said = chosenSize(cards, settings)
  const chosen = isCustom ? 'custom' : said
  const choose = (value: string) => {
    const card = cards.find(({ choice }) => choice === value)
    setCustom(value === 'custom')
    if (card && value !== 'custom') changeSettings(settingsOfCard(card, settings.task))
    else changeSettings(sizeOf(capabilities, settings) ?? { width: cards[1]?.size?.width, height: cards[1]?.size?.height })
  }
  return (
    <Row name="width" wide group>
      <Radio.Group id={idOf('width')} value={chosen} onChange={choose} aria-labelledby={`${idOf('width')}-label`}>
        <div className={styles.cards}>
          {cards.map((card) => (
            <ShapeCard key={card.choice} card={card} />
          ))}
        </div>
      </Radio.Group>
      {chosen === 'custom' && <CustomSize />}
    </Row>
  )
}

function ShapeCard({ card: { choice, size } }: { card: SizeCard }) {
  const { t } = useTranslation('create')
  const scale = size ? DRAWN / Math.max(size.width, size.height) : 0
  return (
    <Radio.Card
      value={choice}
      className={styles.card}
      aria-label={size ? `${t(`sizes.${choice}`)}, ${size.width} × ${size.height}` : undefined}
    >
      <span className={styles.drawing} aria-hidden>
        {size && <span className={styles.shape} style={{ width: size.width * scale, height: size.height * scale }} />}
        {choice === 'custom' && <SlidersHorizontal size={20} />}
        {choice === 'source' && <Video size={20} />}
      </span>
      <Text size="xs" fw={600}>
        {t(`sizes.${choice}`)}
      </Text>
      <Text size="xs" c="dimmed" translate={size ? 'no' : undefined}>
        {size ? `${size.width} × ${size.height}` : t(`sizes.${choice === 'source' ? 'asSource' : 'asTyped'}`)}
      </Text>
    </Radio.Card>
  )
}
