// A few facts in one line. The dots between them are not read out.

import styles from './Facts.module.css'

/** By name, which is not shown; undefined ones are left out. */
export function Facts({ facts }: { facts: Readonly<Record<string, string | undefined>> }) {
  return (
    <p className={styles.facts}>
      {Object.entries(facts).map(
        ([name, fact]) =>
          fact !== undefined && (
            <span key={name} className={styles.fact} translate={name === 'model' || name === 'scheduler' ? 'no' : undefined}>
              {fact}
            </span>
          ),
      )}
    </p>
  )
}
