// Which Signalbox this is, what it is made of, and under which licences.
import { Button } from '@mantine/core';
import { useEffect, useState } from 'react';
import type { AboutInfo } from '../../shared/keeping.ts';
import { useGo } from '../app/routes.ts';
import { useStatus } from '../app/status.tsx';
import { useBridge } from '../components/bridge.tsx';
import { formatPlural } from '../components/format.ts';
import { Panel } from '../components/layout.tsx';
import { CopyButton, Fields } from '../components/output.tsx';
import styles from './settings.module.css';

const words: Record<string, string> = { signalbox: 'Signalbox', electron: 'Electron', chromium: 'Chromium', node: 'Node', v8: 'V8' };

export function About() {
  const bridge = useBridge();
  const { status } = useStatus();
  const go = useGo();
  const [about, setAbout] = useState<AboutInfo | null>(null);
  useEffect(() => {
    let open = true;
    void bridge.request('app:about').then((info) => {
      if (open) setAbout(info);
    });
    return () => {
      open = false;
    };
  }, [bridge]);
  const rows: [string, string][] = [
    ...Object.entries(about?.versions ?? { signalbox: status.version }).map(([name, version]): [string, string] => [words[name] ?? name, version]),
    ['Platform', status.platform],
  ];
  const licences = about?.licences ?? [];
  return (
    <>
      <Panel title="Versions">
        <Fields rows={rows} />
        <div className={styles.buttons}>
          <CopyButton text={rows.map(([name, value]) => `${name}: ${value}`).join('\n')} label="the versions" />
          <Button onClick={() => go({ place: 'overview', search: { tour: '1' } })}>Take the tour</Button>
        </div>
      </Panel>
      {licences.length > 0 && (
        <Panel title="Licences" aside={formatPlural(licences.length, 'package')}>
          <p className={styles.text}>Signalbox is made with these, each under its own licence.</p>
          {/* oxlint-disable-next-line jsx-a11y/no-noninteractive-tabindex -- what scrolls must take the keyboard */}
          <div className={styles.licences} tabIndex={0} role="region" aria-label="Packages and their licences">
            <table className={styles.table}>
              <tbody>
                {licences.map(({ name, version, licence }) => (
                  <tr key={`${name} ${version}`}>
                    <th scope="row" className={styles.name} title={name}>{name}</th>
                    <td className={styles.left}>{version}</td>
                    <td className={styles.left}>{licence}</td>
                  </tr>
                ))}
              </tbody>
            </table>
          </div>
        </Panel>
      )}
    </>
  );
}
