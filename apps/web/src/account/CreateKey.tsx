// The dialog that makes a key: first what it is to be, then the key, which is shown this once. While it is shown the dialog
// closes by its button alone, since a stray click would lose it.

import { useQueryClient } from '@tanstack/react-query'
import { useState } from 'react'
import { useTranslation } from 'react-i18next'
import { DialogFrame } from '../ui/DialogFrame.tsx'
import { CreateKeyForm } from './CreateKeyForm.tsx'
import { createKey, keysQuery } from './keys.ts'
import { NewKeyShown } from './NewKeyShown.tsx'

export function CreateKey({ opened, onClose }: { opened: boolean; onClose: () => void }) {
  const { t } = useTranslation('account')
  const client = useQueryClient()
  const [secret, setSecret] = useState<string>()
  const isShown = secret !== undefined
  return (
    <DialogFrame
      opened={opened}
      onClose={onClose}
      onExitTransitionEnd={() => setSecret(undefined)}
      title={t(isShown ? 'newKey.shownTitle' : 'newKey.title')}
      size="lg"
      withCloseButton={!isShown}
      closeOnEscape={!isShown}
      closeOnClickOutside={!isShown}
    >
      {isShown ? (
        <NewKeyShown secret={secret} onDone={onClose} />
      ) : (
        <CreateKeyForm
          onCancel={onClose}
          onCreate={async (wish) => {
            const { key } = await createKey(wish)
            setSecret(key)
            void client.invalidateQueries(keysQuery)
          }}
        />
      )}
    </DialogFrame>
  )
}
