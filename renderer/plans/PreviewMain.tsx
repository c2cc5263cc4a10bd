// What a document would create: as a graph, as a list of tasks, and its success criteria.
import { useMemo, useState } from 'react';
import type { Agent } from '../../shared/agent.ts';
import { COORDINATOR } from '../../shared/agent.ts';
import type { PlanPreview } from '../../shared/plan.ts';
import { Panel, Tabs } from '../components/layout.tsx';
import { PlanGraph, type GraphCard } from './PlanGraph.tsx';
import { PreviewTasks } from './PreviewTasks.tsx';
import styles from './import.module.css';

type View = 'graph' | 'tasks' | 'criteria';

export function PreviewMain({
  preview: { plan },
  known,
}: {
  preview: PlanPreview;
  known: readonly Agent[] | undefined;
}) {
  const [view, setView] = useState<View>('graph');
  const cards = useMemo(
    () =>
      plan.tasks.map((task): GraphCard => ({
        key: task.key,
        dependsOn: task.dependsOn,
        title: task.title,
        agent: task.agent ?? COORDINATOR,
        simulated: false,
        state: null,
        startedAt: null,
        timeLimitSeconds: task.timeLimitSeconds,
        handoffs: 0,
      })),
    [plan.tasks],
  );
  return (
    <div className={styles.main}>
      <Tabs
        name="preview"
        value={view}
        onChange={(next) => setView(next as View)}
        tabs={[
          { id: 'graph', label: 'Graph' },
          { id: 'tasks', label: 'Tasks', count: plan.tasks.length },
          { id: 'criteria', label: 'Success criteria', count: plan.successCriteria.length },
        ]}
      />
      <div id="preview-panel" role="tabpanel" aria-label={view} className={styles.mainPanel}>
        {view === 'graph' && (
          <Panel flush fill>
            <PlanGraph cards={cards} label="Graph of the plan" />
          </Panel>
        )}
        {view === 'tasks' && <PreviewTasks tasks={plan.tasks} known={known} />}
        {view === 'criteria' && (
          <Panel fill>
            {plan.successCriteria.length === 0 && (
              <p className="dim">
                The document names no success criteria. The plan has succeeded when every task has.
              </p>
            )}
            <ol className={styles.criteria}>
              {plan.successCriteria.map((criterion, index) => (
                <li key={index}>{criterion}</li>
              ))}
            </ol>
          </Panel>
        )}
      </div>
    </div>
  );
}
