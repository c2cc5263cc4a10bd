// The arithmetic of budgets, pure and exact: in millionths (of a dollar, or of an execution) as whole numbers.
// Of a budget only sums are kept; each changes by what one attempt's reservation changes.

/** What a budget holds for one attempt in flight. */
export interface Reservation {
  /** In all since the claim. */
  held: bigint;
  /** What the attempt has used, as it was reported. */
  metered: bigint;
  /** What was held at the claim: what it may use between two reports, and what is held anew when that is used up. */
  step: bigint;
  /** `step` is the most that the attempt can cost. */
  known: boolean;
}

export interface Ledger {
  amount: bigint;
  spent: bigint;
  /** Sum of what is left of the reservations. */
  reserved: bigint;
  /** The same, and for each attempt what it can use beyond it before it is stopped: never less than `reserved`. */
  exposed: bigint;
  running: number;
}

const most = (one: bigint, other: bigint): bigint => (one > other ? one : other);
const least = (one: bigint, other: bigint): bigint => (one < other ? one : other);
const MILLION = 1_000_000n;
/** A cent: held anew for what was said to cost nothing, and does. */
const SMALLEST_STEP = 10_000n;

/** Reads a decimal with at most six places. */
export function toMicros(decimal: string): bigint {
  const [whole = '0', part = ''] = decimal.replace('-', '').split('.');
  const micros = BigInt(whole) * MILLION + BigInt(part.padEnd(6, '0').slice(0, 6));
  return decimal.startsWith('-') ? -micros : micros;
}

/** Writes it without zeros that say nothing. */
export function fromMicros(micros: bigint): string {
  const size = micros < 0n ? -micros : micros;
  const part = (size % MILLION).toString().padStart(6, '0').replace(/0+$/, '');
  return `${micros < 0n ? '-' : ''}${size / MILLION}${part === '' ? '' : `.${part}`}`;
}

/** What of a reservation is not used yet. */
export const leftOf = ({ held, metered }: Reservation): bigint => most(0n, held - metered);

/** The most that it costs is known, and what it reported does not belie it. */
const isBound = ({ known, metered, step }: Reservation): boolean => known && metered <= step;

/**
 * What is left of a reservation, and what the attempt can use beyond it. Where the most is known, that is what it lacks
 * to it; otherwise a step, as it is stopped by the report after the one that left it a cent.
 */
export function exposureOf(reservation: Reservation): bigint {
  const { step, metered } = reservation;
  const left = leftOf(reservation);
  return isBound(reservation) ? most(left, step - metered) : left + step;
}

/** What is neither spent nor held; negative when the ceiling was passed or lowered. */
export const freeOf = ({ amount, spent, reserved }: Ledger): bigint => amount - spent - reserved;

/**
 * How far the sums can end above the ceiling by what is in flight. It does not grow while they run: what is used beyond
 * a reservation finds no room, and the attempt is stopped.
 */
export const overshootOf = (ledger: Ledger): bigint => most(0n, -freeOf(ledger)) + ledger.exposed - ledger.reserved;

/** Whether a new attempt fits; what costs nothing always does. */
export function canReserve(ledger: Ledger, held: bigint): boolean {
  return held === 0n || held <= freeOf(ledger);
}

function weigh(ledger: Ledger, reservation: Reservation, sign: 1n | -1n): void {
  ledger.reserved += sign * leftOf(reservation);
  ledger.exposed += sign * exposureOf(reservation);
}

export function reserve(ledger: Ledger, reservation: Reservation): void {
  weigh(ledger, reservation, 1n);
  ledger.running += 1;
}

/** Takes back what was just reserved. */
export function unreserve(ledger: Ledger, reservation: Reservation): void {
  weigh(ledger, reservation, -1n);
  ledger.running -= 1;
}

/** Books what was used since the last report; a report never takes back what an earlier one said. */
function book(ledger: Ledger, reservation: Reservation, used: bigint): void {
  const more = most(0n, used - reservation.metered);
  ledger.spent += more;
  reservation.metered += more;
}

/** What should be held for what it does next: what is known, else what is left, else another step. */
function wantedBy(reservation: Reservation): bigint {
  if (isBound(reservation)) return reservation.step - reservation.metered;
  const left = leftOf(reservation);
  return left > 0n ? left : most(reservation.step, SMALLEST_STEP);
}

/**
 * Meters an attempt in flight: what it used goes from held to spent; what it used up is held anew, as far as there is
 * room, and what does not fit any more (the ceiling was lowered) is let go. False: there is nothing left for it.
 */
export function meter(ledger: Ledger, reservation: Reservation, used: bigint): boolean {
  weigh(ledger, reservation, -1n);
  book(ledger, reservation, used);
  const wanted = wantedBy(reservation);
  const granted = least(wanted, most(0n, freeOf(ledger)));
  reservation.held = reservation.metered + granted;
  weigh(ledger, reservation, 1n);
  return granted > 0n || wanted === 0n;
}

/** An attempt that was told to stop: what it says that it used is spent, and nothing is held for it any more. */
export function stop(ledger: Ledger, reservation: Reservation, used: bigint): void {
  weigh(ledger, reservation, -1n);
  book(ledger, reservation, used);
  Object.assign(reservation, { held: reservation.metered, step: 0n, known: false });
  weigh(ledger, reservation, 1n);
}

/** The attempt has ended: what it used is spent, and what was held for it is free. */
export function settle(ledger: Ledger, reservation: Reservation, used: bigint): void {
  weigh(ledger, reservation, -1n);
  book(ledger, reservation, used);
  ledger.running -= 1;
}
