// Which system packages are asked for, under the names that the release of Debian or Ubuntu gives them.
import { describe, expect, test } from 'vitest';
import { choosePackages, findMissing, installable, linkerNames } from './system.mjs';

const sound = { library: 'libasound.so.2', packages: ['libasound2t64', 'libasound2'] };
const display = { program: 'Xvfb', packages: ['xvfb'] };

describe('finding what lacks', () => {
  const listed = [
    '2 libs found',
    '\tlibasound.so.2 (libc6,x86-64) => /lib/libasound.so.2',
    '\tlibc.so.6 (libc6) => /lib/libc.so.6',
  ];

  test('a library is known by the name of the linker, a program by PATH', () => {
    const facts = { libraries: linkerNames(listed.join('\n')), hasProgram: () => false, hasFile: () => true };
    expect(findMissing([sound, display], facts)).toEqual([display]);
    expect(findMissing([sound], { ...facts, libraries: new Set() })).toEqual([sound]);
  });

  test('where the list of libraries cannot be read none is called missing', () => {
    expect(
      findMissing([sound], { libraries: undefined, hasProgram: () => true, hasFile: () => true }),
    ).toEqual([]);
  });
});

describe('choosing packages', () => {
  const policy = [
    'libasound2t64:',
    '  Installed: (none)',
    '  Candidate: 1.2.11-1',
    'libasound2:',
    '  Installed: (none)',
    '  Candidate: (none)',
    'xvfb:',
    '  Installed: (none)',
    '  Candidate: 2:21.1.12',
  ].join('\n');

  test('a name that exists only as a virtual package is passed over', () => {
    expect([...installable(policy)]).toEqual(['libasound2t64', 'xvfb']);
    expect(choosePackages([sound, display], installable(policy))).toEqual(['libasound2t64', 'xvfb']);
  });

  test('an older release has the older name', () => {
    expect(choosePackages([sound], new Set(['libasound2']))).toEqual(['libasound2']);
    expect(choosePackages([sound, sound], new Set())).toEqual(['libasound2']);
  });
});
