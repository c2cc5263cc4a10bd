// The graph of a plan: nodes stand where the structure puts them, and only what changed in them is drawn anew.
import '@xyflow/react/dist/base.css';
import { ActionIcon, Tooltip } from '@mantine/core';
import { IconArrowsMaximize, IconMinus, IconPlus } from '@tabler/icons-react';
import {
  Background,
  Panel as FlowPanel,
  ReactFlow,
  ReactFlowProvider,
  getViewportForBounds,
  useReactFlow,
  useStore,
  type Edge,
  type Node,
} from '@xyflow/react';
import { useEffect, useMemo, useRef, useState, type KeyboardEvent, type ReactNode } from 'react';
import type { ShownState } from '../components/state.ts';
import { layoutGraph, moveInGraph, NODE_HEIGHT, NODE_WIDTH, structureOf, type Point } from './graphLayout.ts';
import { NodeCard, SpotContext, type CardNode } from './NodeCard.tsx';
import styles from './graph.module.css';

/** What a node shows. `state` null: it is a preview. */
export interface GraphCard {
  key: string;
  dependsOn: readonly string[];
  title: string;
  agent: string | null;
  simulated: boolean;
  state: ShownState | null;
  startedAt: string | null;
  timeLimitSeconds: number;
  handoffs: number;
}

interface PlanGraphProps {
  cards: readonly GraphCard[];
  label: string;
  selected?: string | null;
  onOpen?(key: string): void;
  /** Stands over the graph, at its upper left. */
  children?: ReactNode;
}

const nodeTypes = { card: NodeCard };
/** Below is room for the buttons, so that they cover no node of a plan that is shown whole. */
const FIT = { padding: { x: '4%', top: '4%', bottom: '54px' }, maxZoom: 1, minZoom: 0.08 } as const;
/** Below this zoom the small words cannot be read: nodes show their title, at the same size on screen, and their state. */
const levels = [
  ['near', 0.8],
  ['middle', 0.5],
  // The title alone, with the state's shape.
  ['small', 0.3],
] as const;
/** Below these not even the title fits: nodes are their state alone. */
const FAR = 'far';
/** Beyond this only what is in sight is in the document. */
const MANY = 400;

export function PlanGraph(props: PlanGraphProps) {
  const structure = structureOf(props.cards);
  return (
    // Another structure is another graph: it is placed and fitted anew.
    <ReactFlowProvider key={structure}>
      <Flow {...props} structure={structure} />
    </ReactFlowProvider>
  );
}

function Flow({
  cards,
  label,
  selected = null,
  onOpen,
  children,
  structure,
}: PlanGraphProps & { structure: string }) {
  const frame = useRef<HTMLDivElement>(null);
  const flow = useReactFlow();
  const [focused, setFocused] = useState<string | null>(null);
  const zoom = useStore(zoomStep);
  // The cards of one structure always lie in the same places, whatever has changed in them.
  const places = useMemo(() => layoutGraph(tasksOf(structure)), [structure]);
  const nodes = useMemo(() => cards.map((card): CardNode => nodeOf(card, places)), [cards, places]);
  const doneKeys = cards
    .filter(({ state }) => state === 'succeeded')
    .map(({ key }) => key)
    .join('\n');
  const edges = useMemo(
    () => edgesOf(tasksOf(structure), new Set(doneKeys.split('\n'))),
    [structure, doneKeys],
  );
  const known = focused !== null && places.has(focused);
  const spot = useMemo(
    () => ({ focused: known ? focused : (cards[0]?.key ?? null), selected, opens: onOpen !== undefined }),
    // The first card is the same for the same structure.
    // oxlint-disable-next-line react-hooks/exhaustive-deps
    [known, focused, selected, onOpen !== undefined, structure],
  );

  useFittedWindow(flow);
  // Where the graph gets another size, such as by the details beside it, what is chosen stays in sight.
  useEffect(() => {
    if (selected !== null) bringIntoSight(flow, places.get(selected), frame.current);
  }, [selected, places, flow]);

  const onKeyDown = (event: KeyboardEvent<HTMLDivElement>): void => {
    const key = (event.target as HTMLElement).closest<HTMLElement>('[data-card]')?.dataset.card;
    if (key === undefined || event.ctrlKey || event.metaKey || event.altKey) return;
    if (event.key === 'Enter' || event.key === ' ') {
      event.preventDefault();
      return onOpen?.(key);
    }
    const next = moveInGraph(event.key, key, { tasks: cards, places });
    if (next === null) return;
    event.preventDefault();
    setFocused(next);
    bringIntoSight(flow, places.get(next), frame.current);
    frame.current
      ?.querySelector<HTMLElement>(`[data-card="${CSS.escape(next)}"]`)
      ?.focus({ preventScroll: true });
  };

  return (
    <SpotContext value={spot}>
      {/* Its nodes are the controls; the keys are theirs. */}
      {/* oxlint-disable-next-line jsx-a11y/no-static-element-interactions */}
      <div
        ref={frame}
        className={styles.graph}
        data-zoom={levels.find(([, least]) => zoom >= least)?.[0] ?? FAR}
        style={{ ['--zoom' as string]: zoom }}
        onKeyDown={onKeyDown}
        data-testid="plan-graph"
      >
        <ReactFlow
          aria-label={label}
          nodes={nodes}
          edges={edges}
          nodeTypes={nodeTypes}
          onNodeClick={(_event, node) => {
            setFocused(node.id);
            onOpen?.(node.id);
          }}
          nodesDraggable={false}
          nodesConnectable={false}
          nodesFocusable={false}
          edgesFocusable={false}
          elementsSelectable={false}
          disableKeyboardA11y
          deleteKeyCode={null}
          onlyRenderVisibleElements={cards.length > MANY}
          minZoom={0.08}
          maxZoom={1.6}
          fitView
          fitViewOptions={FIT}
          proOptions={{ hideAttribution: true }}
        >
          <Background gap={18} size={1} color="color-mix(in srgb, var(--edge) 50%, var(--panel))" />
          <Zoom />
          {children && (
            <FlowPanel position="top-left" className={styles.over}>
              {children}
            </FlowPanel>
          )}
        </ReactFlow>
      </div>
    </SpotContext>
  );
}

/** A plan that is shown whole is so in a window of another size too; one that was zoomed or moved stays as it is. */
function useFittedWindow(flow: ReturnType<typeof useReactFlow<Node>>): void {
  const width = useStore((state) => state.width);
  const height = useStore((state) => state.height);
  const last = useRef<{ width: number; height: number; window: string } | null>(null);
  useEffect(() => {
    const before = last.current;
    const window = `${innerWidth} ${innerHeight}`;
    last.current = { width, height, window };
    // Details that open beside it make it smaller as well; then what is looked at must not move.
    if (before === null || before.width === 0 || before.window === window) return;
    const bounds = flow.getNodesBounds(flow.getNodes());
    const fitted = getViewportForBounds(bounds, before.width, before.height, FIT.minZoom, FIT.maxZoom, FIT.padding);
    const shown = flow.getViewport();
    const isFitted =
      Math.abs(fitted.zoom - shown.zoom) < 0.01 && Math.abs(fitted.x - shown.x) < 4 && Math.abs(fitted.y - shown.y) < 4;
    if (isFitted) void flow.fitView(FIT);
  }, [flow, width, height]);
}

/** In steps, so that a wheel turned draws the frame anew a few times, not at each pixel. */
const zoomStep = (state: { transform: [number, number, number] }): number =>
  Math.max(0.05, Math.ceil(state.transform[2] * 40) / 40);

/** Keys and dependencies alone, from the text that stands for them. */
function tasksOf(structure: string): { key: string; dependsOn: string[] }[] {
  return (JSON.parse(structure) as [string, string[]][]).map(([key, dependsOn]) => ({ key, dependsOn }));
}

function nodeOf(card: GraphCard, places: ReadonlyMap<string, Point>): CardNode {
  return {
    id: card.key,
    type: 'card',
    position: places.get(card.key) ?? { x: 0, y: 0 },
    data: { card },
    width: NODE_WIDTH,
    height: NODE_HEIGHT,
  };
}

function edgesOf(tasks: readonly { key: string; dependsOn: string[] }[], done: ReadonlySet<string>): Edge[] {
  const keys = new Set(tasks.map(({ key }) => key));
  return tasks.flatMap(({ key, dependsOn }) =>
    [...new Set(dependsOn)]
      .filter((from) => keys.has(from))
      .map((from): Edge => ({
        id: `${from} → ${key}`,
        source: from,
        target: key,
        className: done.has(from) ? styles.edgeDone : styles.edge,
        // Those that carry something lie above the others.
        zIndex: done.has(from) ? 1 : 0,
      })),
  );
}

function bringIntoSight(
  flow: ReturnType<typeof useReactFlow<Node>>,
  point: Point | undefined,
  frame: HTMLElement | null,
): void {
  if (!point || !frame) return;
  const { x, y, zoom } = flow.getViewport();
  const left = point.x * zoom + x;
  const top = point.y * zoom + y;
  const inside =
    left >= 8 &&
    top >= 8 &&
    left + NODE_WIDTH * zoom <= frame.clientWidth - 8 &&
    top + NODE_HEIGHT * zoom <= frame.clientHeight - 8;
  if (!inside) void flow.setCenter(point.x + NODE_WIDTH / 2, point.y + NODE_HEIGHT / 2, { zoom });
}

function Zoom() {
  const flow = useReactFlow();
  const buttons = [
    { label: 'Zoom in', icon: <IconPlus size={15} />, run: () => flow.zoomIn() },
    { label: 'Zoom out', icon: <IconMinus size={15} />, run: () => flow.zoomOut() },
    { label: 'Fit the whole plan', icon: <IconArrowsMaximize size={14} />, run: () => flow.fitView(FIT) },
  ];
  return (
    <FlowPanel position="bottom-left" className={styles.zoom}>
      {buttons.map(({ label, icon, run }) => (
        <Tooltip key={label} label={label} position="right">
          <ActionIcon aria-label={label} onClick={() => void run()}>
            {icon}
          </ActionIcon>
        </Tooltip>
      ))}
    </FlowPanel>
  );
}
