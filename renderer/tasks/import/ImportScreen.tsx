// Importing tasks: where the file comes from, what it would create, then how far it is and what was created.
import { Button } from '@mantine/core';
import { IconArrowLeft } from '@tabler/icons-react';
import { useGo } from '../../app/routes.ts';
import { PageHeader, Screen } from '../../components/layout.tsx';
import { ProblemNotice } from '../../components/ProblemNotice.tsx';
import { useTaskImport } from './ImportProvider.tsx';
import { PreviewPart } from './PreviewPart.tsx';
import { RunPart } from './RunPart.tsx';
import { SourcePart } from './SourcePart.tsx';

export function ImportScreen() {
  const go = useGo();
  const { file, read, run, error } = useTaskImport();
  return (
    <Screen>
      <PageHeader
        title="Import tasks"
        aside={file && <span className="dim ellipsis" title={file.name}>{file.name}</span>}
        actions={
          <Button leftSection={<IconArrowLeft size={14} />} onClick={() => go({ place: 'tasks' })}>
            Tasks
          </Button>
        }
      />
      {error !== null && <ProblemNotice error={error} kept="Nothing was created." advice="Choose another file, or mend this one." />}
      {run ? <RunPart run={run} /> : read ? <PreviewPart read={read} /> : <SourcePart />}
    </Screen>
  );
}
