// Mantine mapped onto the tokens of theme.css: 13 px text, radii 6 and 9, controls 28 px high.
import {
  createTheme,
  type CSSVariablesResolver,
  type MantineColorsTuple,
  type MantineThemeOverride,
} from '@mantine/core';

const accent: MantineColorsTuple = [
  '#eef0ff', '#dfe2ff', '#bcc3ff', '#98a5ff', '#8795ff', '#7c8cff', '#6a7af2', '#5766e6', '#4a58dd', '#3d4ac4',
];

/** Mantine's dark greys, from text to ground. */
const dark: MantineColorsTuple = [
  '#e7ebf2', '#a0aaba', '#8a94a6', '#6b7688', '#2c3441', '#252c37', '#1b212a', '#151a21', '#0e1116', '#0b0e12',
];

const controlVars = {
  '--input-height': '30px',
  '--input-fz': '13px',
  '--input-padding': '9px',
  '--input-bg': 'var(--raise)',
  '--input-bd': 'var(--line)',
};

/**
 * What opens over a screen fades in and is gone at once: while it faded away it still had the keyboard, and the next key
 * was lost (components/listKeys.ts).
 */
export const opening = { duration: 120, exitDuration: 0 };

export const theme: MantineThemeOverride = createTheme({
  fontFamily: 'var(--font)',
  fontFamilyMonospace: 'var(--mono)',
  primaryColor: 'accent',
  colors: { accent, dark },
  defaultRadius: 6,
  radius: { xs: '4px', sm: '6px', md: '6px', lg: '9px', xl: '9px' },
  fontSizes: { xs: '11.5px', sm: '13px', md: '13px', lg: '15px', xl: '17px' },
  spacing: { xs: '4px', sm: '8px', md: '12px', lg: '16px', xl: '24px' },
  headings: { fontWeight: '650' },
  cursorType: 'pointer',
  respectReducedMotion: true,
  components: {
    Button: {
      defaultProps: { variant: 'default' },
      vars: (_theme: unknown, { variant }: { variant?: string }) => ({
        root: {
          '--button-height': '28px',
          '--button-padding-x': '11px',
          '--button-fz': '12.5px',
          ...(variant === 'filled' && { '--button-color': 'var(--on-accent)' }),
        },
      }),
      styles: { root: { fontWeight: 500 }, section: { marginInlineEnd: 7 } },
    },
    ActionIcon: {
      defaultProps: { variant: 'subtle', color: 'gray' },
      vars: () => ({ root: { '--ai-size': '26px' } }),
    },
    Input: { vars: () => ({ wrapper: controlVars }) },
    InputWrapper: {
      styles: {
        label: { fontSize: 12.5, fontWeight: 500, marginBottom: 4 },
        description: { fontSize: 11.5, color: 'var(--faint)' },
        error: { fontSize: 12, color: 'var(--fail)', marginTop: 4 },
      },
    },
    Tooltip: {
      defaultProps: { openDelay: 350, withArrow: false, transitionProps: { duration: 120 }, multiline: true, maw: 320 },
      styles: {
        tooltip: {
          background: 'var(--raise)', color: 'var(--text)', border: '1px solid var(--line)',
          boxShadow: 'var(--shadow)', fontSize: 12, padding: '5px 8px', lineHeight: 1.4,
        },
      },
    },
    Modal: {
      defaultProps: { centered: true, radius: 9, transitionProps: { ...opening, transition: 'fade' } },
      styles: { title: { fontWeight: 650, fontSize: 15, color: 'var(--text)' } },
    },
    Menu: { defaultProps: { transitionProps: opening, shadow: 'md' } },
    Popover: { defaultProps: { transitionProps: opening, shadow: 'md' } },
    Notification: {
      defaultProps: { closeButtonProps: { 'aria-label': 'Close this notice' } },
      styles: { description: { color: 'var(--dim)' }, title: { color: 'var(--text)' } },
    },
    Combobox: { defaultProps: { transitionProps: { duration: 0 }, shadow: 'md' } },
  },
});

/** Mantine's own variables, pointed at the tokens: one set of colours for its parts and ours. */
export const cssVariablesResolver: CSSVariablesResolver = () => {
  const tokens = {
    '--mantine-color-body': 'var(--panel)',
    '--mantine-color-text': 'var(--text)',
    '--mantine-color-dimmed': 'var(--dim)',
    '--mantine-color-placeholder': 'var(--faint)',
    '--mantine-color-error': 'var(--fail)',
    '--mantine-color-anchor': 'var(--accent-text)',
    '--mantine-color-default': 'var(--raise)',
    '--mantine-color-default-hover': 'var(--soft)',
    '--mantine-color-default-color': 'var(--text)',
    '--mantine-color-default-border': 'var(--line)',
    '--mantine-color-disabled': 'var(--soft)',
    '--mantine-color-disabled-color': 'var(--faint)',
    '--mantine-color-disabled-border': 'var(--line)',
    '--mantine-primary-color-contrast': 'var(--on-accent)',
    '--mantine-color-accent-filled': 'var(--accent)',
    '--mantine-color-accent-filled-hover': 'color-mix(in srgb, var(--accent) 88%, var(--text))',
    '--mantine-color-accent-text': 'var(--accent-text)',
    '--mantine-color-accent-light': 'color-mix(in srgb, var(--accent) 13%, transparent)',
    '--mantine-color-accent-light-hover': 'color-mix(in srgb, var(--accent) 20%, transparent)',
    '--mantine-color-accent-light-color': 'var(--accent-text)',
    '--mantine-color-accent-outline': 'var(--accent-text)',
    '--mantine-color-gray-light-color': 'var(--dim)',
    '--mantine-color-gray-light-hover': 'var(--soft)',
    '--mantine-shadow-md': 'var(--shadow)',
    '--mantine-shadow-xl': 'var(--shadow)',
  };
  return { variables: { '--mantine-line-height': '1.45' }, light: tokens, dark: tokens };
};
