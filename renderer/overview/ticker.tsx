// One beat a second for the whole board. What moves with it is moved in place: no lane is drawn anew for a second.
import { createContext, useContext, useLayoutEffect, useRef, useState, type ReactNode } from 'react';
import { useNow } from '../components/now.tsx';

type Move = (now: number) => void;
interface Ticker {
  now(): number;
  beat(now: number): void;
  subscribe(move: Move): () => void;
}

function createTicker(): Ticker {
  const moves = new Set<Move>();
  let last = 0;
  return {
    now: () => last,
    beat(now) {
      last = now;
      for (const move of moves) move(now);
    },
    subscribe(move) {
      moves.add(move);
      return () => void moves.delete(move);
    },
  };
}

const TickerContext = createContext<Ticker | null>(null);

export function TickerProvider({ children }: { children: ReactNode }) {
  const [ticker] = useState(createTicker);
  return (
    <TickerContext value={ticker}>
      <Beat ticker={ticker} />
      {children}
    </TickerContext>
  );
}

function Beat({ ticker }: { ticker: Ticker }) {
  const now = useNow(1_000);
  // The first child: its effect runs before those of the board, which read the time.
  useLayoutEffect(() => ticker.beat(now), [ticker, now]);
  return null;
}

/** Runs `move` at once, after each drawing, and each second; it changes styles or text of elements, never state. */
export function useBeat(move: Move): void {
  const ticker = useContext(TickerContext);
  if (!ticker) throw new Error('useBeat needs a TickerProvider above it.');
  const latest = useRef(move);
  useLayoutEffect(() => {
    latest.current = move;
    move(ticker.now());
  });
  useLayoutEffect(() => ticker.subscribe((now) => latest.current(now)), [ticker]);
}
