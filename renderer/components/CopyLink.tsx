// The small button that copies the link to what is open; nothing where no link leads, as in a story of a part.
import { ActionIcon, Tooltip } from '@mantine/core';
import { IconLink } from '@tabler/icons-react';
import { actions } from '../../shared/actions.ts';
import { attachedTo, useActions, useRun } from './actions.tsx';
import { ariaKeys, keyWords } from './keys.ts';

export function CopyLink() {
  const run = useRun();
  const { label, keys } = actions['link.copy'];
  const [key = ''] = keys ?? [];
  if (attachedTo(useActions(), 'link.copy') === null) return null;
  return (
    <Tooltip label={`${label} (${keyWords(key)})`}>
      <ActionIcon aria-label={label} aria-keyshortcuts={ariaKeys(key)} onClick={() => void run('link.copy')}>
        <IconLink size={15} />
      </ActionIcon>
    </Tooltip>
  );
}
