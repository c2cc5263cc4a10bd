// A component whose code is a file of its own, fetched when it is first needed or ahead of that.
import { lazy, Suspense, useState, type ComponentType } from 'react';

export interface Later<Props> {
  (props: Props): React.ReactNode;
  /** Fetches the code; resolves when drawing it will need nothing more. */
  load(): Promise<void>;
}

/** `Meanwhile` has the same props and keeps the layout. Code that is there already is drawn at once, without it. */
export function later<Props extends object>(
  fetch: () => Promise<ComponentType<Props>>,
  Meanwhile: ComponentType<Props>,
): Later<Props> {
  let known: ComponentType<Props> | null = null;
  const load = async (): Promise<ComponentType<Props>> => {
    known ??= await fetch();
    return known;
  };
  const Lazy = lazy(async () => ({ default: await load() }));
  function Shown(props: Props) {
    // Chosen once: a component that is drawn keeps its state when its code turns out to be there.
    const [Direct] = useState(() => known);
    if (Direct) return <Direct {...props} />;
    return (
      <Suspense fallback={<Meanwhile {...props} />}>
        <Lazy {...props} />
      </Suspense>
    );
  }
  return Object.assign(Shown, { load: async () => void (await load()) });
}
