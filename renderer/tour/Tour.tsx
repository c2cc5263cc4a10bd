// The tour: a card beside what it speaks of. What lies beneath goes on and can be used; Esc ends it.
import { Button } from '@mantine/core';
import { useEffect, useEffectEvent, useRef, useState } from 'react';
import { useGo, useRoute } from '../app/routes.ts';
import styles from './tour.module.css';

interface Step {
  /** What it stands beside; the corner of the window where that is not on the screen. */
  at: string;
  title: string;
  text: string;
}

const steps: readonly Step[] = [
  { at: 'nav[aria-label="Places"]', title: 'Everything has its place', text: 'Agents do tasks, plans join tasks, findings are what agents report. The figures are live.' },
  { at: '[data-testid="board"]', title: 'Who works on what', text: 'A lane for each agent, a block for each attempt. The fill is the time used of its limit; amber is near it.' },
  { at: 'ol[aria-label="Needs, most urgent first"]', title: 'What needs you', text: 'Urgent findings, decisions and what failed, the most urgent first. Each can be acted on in place.' },
  { at: 'button[aria-keyshortcuts="Control+K"]', title: 'Ctrl K goes anywhere', text: 'Search tasks, agents and plans, go to a place, or begin something. ? shows every key.' },
  { at: 'nav[aria-label="Places"] a[href*="settings"]', title: 'Yours to keep', text: 'Settings hold the backup, how it looks, and the address for your programs. This tour is in the Help menu.' },
];

const WIDTH = 300;
const HEIGHT = 170;

function placeBeside(selector: string): { left: number; top: number } {
  const box = document.querySelector(selector)?.getBoundingClientRect();
  const [width, height] = [window.innerWidth, window.innerHeight];
  const corner = { left: width - WIDTH - 16, top: height - HEIGHT - 40 };
  if (box === undefined || box.width === 0) return corner;
  const right = box.right + 12;
  const left = right + WIDTH < width ? right : Math.max(12, Math.min(box.left, width - WIDTH - 12));
  const below = right + WIDTH < width ? box.top : box.bottom + 10;
  return { left, top: Math.max(52, Math.min(below, height - HEIGHT - 40)) };
}

/** Shown while the path says `?tour=1`. */
export function Tour() {
  const { search } = useRoute();
  return search['tour'] === '1' ? <Card /> : null;
}

function Card() {
  const go = useGo();
  const [index, setIndex] = useState(0);
  const [place, setPlace] = useState(() => placeBeside(steps[0]!.at));
  const card = useRef<HTMLElement>(null);
  const step = steps[index] ?? steps[0]!;
  const end = useEffectEvent(() => go({ place: 'overview' }, { replace: true }));
  useEffect(() => {
    card.current?.focus({ preventScroll: true });
    const onKeyDown = (event: KeyboardEvent): void => {
      if (event.key === 'Escape' && card.current?.contains(document.activeElement)) end();
    };
    window.addEventListener('keydown', onKeyDown);
    return () => window.removeEventListener('keydown', onKeyDown);
  }, []);
  useEffect(() => {
    const follow = (): void => setPlace(placeBeside(step.at));
    follow();
    window.addEventListener('resize', follow);
    return () => window.removeEventListener('resize', follow);
  }, [step.at]);
  const last = index === steps.length - 1;
  return (
    <section ref={card} className={styles.card} style={place} tabIndex={-1} aria-label="Tour">
      <b>{step.title}</b>
      <p aria-live="polite">{step.text}</p>
      <div className={styles.buttons}>
        <span className="dim small figures">{index + 1} of {steps.length}</span>
        <span className="grow" />
        {!last && <Button onClick={() => go({ place: 'overview' }, { replace: true })}>End the tour</Button>}
        <Button variant="filled" onClick={() => (last ? go({ place: 'overview' }, { replace: true }) : setIndex(index + 1))}>
          {last ? 'Done' : 'Next'}
        </Button>
      </div>
    </section>
  );
}
