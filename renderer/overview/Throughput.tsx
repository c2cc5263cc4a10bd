// Tasks finished over the window: succeeded as a full line, failed as a broken one, each named at its end.
import { Area, AreaChart, CartesianGrid, ResponsiveContainer, Tooltip, XAxis, YAxis } from 'recharts';
import { useGo } from '../app/routes.ts';
import { formatCount, formatExact } from '../components/format.ts';
import { Panel } from '../components/layout.tsx';
import { stateColors } from '../components/state.ts';
import { StateBadge } from '../components/StateBadge.tsx';
import { formatPart, formatRate, labelOffsets, totalsOf, type Part } from './throughput.ts';
import styles from './overview.module.css';

interface ThroughputProps {
  parts: readonly Part[] | undefined;
  windowMinutes: number;
}

const MARGIN = { top: 14, right: 88, bottom: 0, left: 0 };
const tick = { fontSize: 10.5, fill: 'var(--faint)' };

export function Throughput({ parts, windowMinutes }: ThroughputProps) {
  const go = useGo();
  const totals = parts && totalsOf(parts, windowMinutes);
  const none = totals !== undefined && totals.succeeded + totals.failed === 0;
  return (
    <Panel
      title="Throughput"
      label="Throughput"
      aside={totals && !none && <span className="mono">{formatRate(totals.perMinute)}</span>}
    >
      {none && <p className={styles.noChart}>No task has finished in this time.</p>}
      {parts && totals && !none && (
        <div
          className={styles.chart}
          role="img"
          aria-label={`Tasks finished: ${formatCount(totals.succeeded)} succeeded, ${formatCount(totals.failed)} failed.`}
        >
          <ResponsiveContainer width="100%" height="100%" initialDimension={{ width: 480, height: 110 }}>
            <AreaChart
              data={parts}
              margin={MARGIN}
              accessibilityLayer={false}
              onClick={({ activeIndex }) => {
                const part = parts[Number(activeIndex)];
                if (part) go({ place: 'tasks', search: { state: part.failed > 0 ? 'failed' : 'succeeded' } });
              }}
            >
              <CartesianGrid vertical={false} stroke="var(--line)" strokeDasharray="2 4" />
              <XAxis
                dataKey="at"
                tickFormatter={(at: string) => formatPart(at, windowMinutes)}
                tick={tick}
                tickLine={false}
                axisLine={false}
                height={20}
                tickMargin={4}
                minTickGap={56}
                interval="preserveStart"
              />
              <YAxis
                tick={tick}
                tickLine={false}
                axisLine={false}
                width={30}
                allowDecimals={false}
                tickCount={3}
                domain={[0, (most: number) => Math.max(2, most)]}
              />
              <Tooltip
                content={<Tip />}
                cursor={{ stroke: 'var(--edge)', strokeDasharray: '3 3' }}
                isAnimationActive={false}
              />
              <Area
                dataKey="succeeded"
                type="monotone"
                stroke={stateColors.succeeded}
                strokeWidth={1.6}
                fill={stateColors.succeeded}
                fillOpacity={0.13}
                isAnimationActive={false}
                dot={false}
                label={<EndLabel parts={parts} of="succeeded" />}
              />
              <Area
                dataKey="failed"
                type="monotone"
                stroke={stateColors.failed}
                strokeWidth={1.6}
                strokeDasharray="5 3"
                fill={stateColors.failed}
                fillOpacity={0.16}
                isAnimationActive={false}
                dot={false}
                label={<EndLabel parts={parts} of="failed" />}
              />
            </AreaChart>
          </ResponsiveContainer>
        </div>
      )}
      {!parts && <div className={styles.chartSkeleton} aria-hidden />}
    </Panel>
  );
}

interface EndLabelProps {
  parts: readonly Part[];
  of: 'succeeded' | 'failed';
  /** From the chart. */
  x?: number;
  y?: number;
  index?: number;
  viewBox?: { y?: number; height?: number };
}
function EndLabel({ parts, of, x = 0, y = 0, index }: EndLabelProps) {
  const last = parts[parts.length - 1];
  if (index !== parts.length - 1 || !last) return null;
  const other = of === 'succeeded' ? last.failed : last.succeeded;
  // The other line's end is not known here, but both are the same distance away for the same value.
  const near = Math.abs(last[of] - other) <= nearness(parts);
  const [up, down] = labelOffsets(0, 0);
  const dy = near ? (last[of] > other || (last[of] === other && of === 'succeeded') ? up : down) : 0;
  return (
    <text x={x + 6} y={y + dy} dy={3.5} fontSize={11} fill={stateColors[of]}>
      {of === 'succeeded' ? '● succeeded' : '▲ failed'}
    </text>
  );
}
/** Values that lie so close draw within a label's height of each other. */
const nearness = (parts: readonly Part[]): number =>
  Math.max(2, ...parts.map((part) => Math.max(part.succeeded, part.failed))) * 0.16;

function Tip({ active, payload }: { active?: boolean; payload?: { payload: Part }[] }) {
  const part = payload?.[0]?.payload;
  if (!active || !part) return null;
  return (
    <div className={styles.chartTip}>
      <div className="dim figures">from {formatExact(part.at)}</div>
      <div>
        <StateBadge state="succeeded" /> <b className="figures">{formatCount(part.succeeded)}</b>
      </div>
      <div>
        <StateBadge state="failed" /> <b className="figures">{formatCount(part.failed)}</b>
      </div>
    </div>
  );
}
