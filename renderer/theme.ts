import {
  ActionIcon,
  Button,
  type CSSVariablesResolver,
  createTheme,
  type MantineColorsTuple,
  Menu,
  Modal,
  NumberInput,
  Popover,
  SegmentedControl,
  Select,
  Textarea,
  TextInput,
  Tooltip,
} from '@mantine/core';

// Mantine wants ten shades; the console uses the tokens of theme.css, so the tuples only serve
// what Mantine derives by itself.
const action: MantineColorsTuple = [
  '#eaf2ff',
  '#d5e4ff',
  '#b4d0ff',
  '#98bfff',
  '#7fb0ff',
  '#5a95f2',
  '#1f5fd0',
  '#1b54b9',
  '#17489f',
  '#123a80',
];
const bad: MantineColorsTuple = [
  '#fdeceb',
  '#fbd9d6',
  '#f7b5b0',
  '#f38d86',
  '#f0655b',
  '#dd4a40',
  '#c9362b',
  '#b02d23',
  '#95261e',
  '#771d17',
];

/** No motion but that of data. */
const still = { transitionProps: { duration: 0 } } as const;

/** The console's Mantine theme: 13 px, tight, flat. */
export const theme = createTheme({
  primaryColor: 'action',
  primaryShade: { light: 6, dark: 4 },
  colors: { action, bad },
  autoContrast: true,
  luminanceThreshold: 0.3,
  fontFamily: 'var(--hf-font)',
  fontFamilyMonospace: 'var(--hf-mono)',
  fontSizes: { xs: '11px', sm: '12px', md: '13px', lg: '14px', xl: '15px' },
  lineHeights: { xs: '1.35', sm: '1.4', md: '1.4', lg: '1.4', xl: '1.4' },
  spacing: { xs: '4px', sm: '8px', md: '12px', lg: '16px', xl: '24px' },
  radius: { xs: '3px', sm: '5px', md: '6px', lg: '7px', xl: '7px' },
  defaultRadius: 'md',
  cursorType: 'pointer',
  respectReducedMotion: true,
  headings: { fontWeight: '600', sizes: { h1: { fontSize: '15px' }, h2: { fontSize: '13px' } } },
  components: {
    Button: Button.extend({
      defaultProps: { size: 'sm', variant: 'default' },
      vars: () => ({
        root: {
          '--button-height': '30px',
          '--button-padding-x': '10px',
          '--button-fz': '13px',
          '--button-bd': undefined,
        },
      }),
      styles: { root: { fontWeight: 500 } },
    }),
    ActionIcon: ActionIcon.extend({ defaultProps: { variant: 'subtle', color: 'gray', size: 28 } }),
    TextInput: TextInput.extend({ defaultProps: { size: 'sm' } }),
    Textarea: Textarea.extend({ defaultProps: { size: 'sm' } }),
    NumberInput: NumberInput.extend({
      defaultProps: { size: 'sm', thousandSeparator: ',' },
    }),
    Select: Select.extend({
      defaultProps: { size: 'sm', comboboxProps: still },
    }),
    SegmentedControl: SegmentedControl.extend({
      defaultProps: { size: 'sm', transitionDuration: 0 },
    }),
    Menu: Menu.extend({
      // The placeholder for the first focus is no menu item, which the audit flags.
      defaultProps: { ...still, shadow: 'none', offset: 6, withInitialFocusPlaceholder: false },
    }),
    Popover: Popover.extend({ defaultProps: { ...still, shadow: 'none' } }),
    Tooltip: Tooltip.extend({ defaultProps: { ...still, openDelay: 250, withinPortal: true } }),
    Modal: Modal.extend({
      defaultProps: {
        ...still,
        centered: true,
        // Locking the scroll injects a style element without our nonce; the page never scrolls.
        lockScroll: false,
        closeButtonProps: { 'aria-label': 'Close' },
        // A dialog's header is not the page's.
        attributes: { header: { role: 'presentation' } },
        overlayProps: { backgroundOpacity: 0.45 },
      },
    }),
  },
});

/** Maps Mantine's variables to the tokens, so that both speak of the same colours. */
export const resolveCssVariables: CSSVariablesResolver = () => {
  const shared = {
    '--mantine-color-body': 'var(--hf-surface)',
    '--mantine-color-text': 'var(--hf-text)',
    '--mantine-color-dimmed': 'var(--hf-muted)',
    '--mantine-color-placeholder': 'var(--hf-muted)',
    '--mantine-color-anchor': 'var(--hf-action)',
    '--mantine-color-error': 'var(--hf-bad)',
    '--mantine-color-default': 'var(--hf-surface)',
    '--mantine-color-default-hover': 'var(--hf-raised)',
    '--mantine-color-default-color': 'var(--hf-text)',
    '--mantine-color-default-border': 'var(--hf-line)',
    '--mantine-color-disabled': 'var(--hf-raised)',
    '--mantine-color-disabled-color': 'var(--hf-muted)',
    '--mantine-color-disabled-border': 'var(--hf-line)',
    '--mantine-color-action-filled': 'var(--hf-action)',
    '--mantine-color-action-filled-hover':
      'color-mix(in srgb, var(--hf-action) 88%, var(--hf-text))',
    '--mantine-primary-color-contrast': 'var(--hf-on-action)',
    '--mantine-shadow-md': 'var(--hf-shadow)',
    '--mantine-shadow-lg': 'var(--hf-shadow)',
    '--mantine-shadow-xl': 'var(--hf-shadow)',
  };
  return { variables: {}, dark: shared, light: shared };
};
