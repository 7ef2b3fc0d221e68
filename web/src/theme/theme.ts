import { type CSSVariablesResolver, createTheme, type MantineColorsTuple } from "@mantine/core";

// One accent, a deep pine green: white on shade 7 has a contrast of 5.4.
const pine: MantineColorsTuple = [
  "#eaf6f1",
  "#d3ece2",
  "#a6d9c6",
  "#77c6a9",
  "#4fb791",
  "#2ea37b",
  "#158c67",
  "#0b7a5c",
  "#08654c",
  "#05503c",
];

const gray: MantineColorsTuple = [
  "#f8f9fa",
  "#f2f4f5",
  "#e7eaec",
  "#d9dde1",
  "#c3c9cf",
  "#9aa3ac",
  "#6e7781",
  "#515a64",
  "#343b43",
  "#1c2127",
];

const dark: MantineColorsTuple = [
  "#dfe3e8",
  "#c2c8d0",
  "#9aa3af",
  "#6d7783",
  "#434b55",
  "#343b44",
  "#262c33",
  "#181c21",
  "#121519",
  "#0d1013",
];

export const theme = createTheme({
  primaryColor: "pine",
  primaryShade: { light: 7, dark: 7 },
  colors: { pine, gray, dark },
  fontFamily: '"Inter Variable", ui-sans-serif, system-ui, -apple-system, "Segoe UI", sans-serif',
  fontFamilyMonospace: 'ui-monospace, "SF Mono", "Cascadia Mono", Menlo, Consolas, monospace',
  fontSizes: { xs: "12.5px", sm: "14px", md: "14px", lg: "16px", xl: "20px" },
  lineHeights: { xs: "1.4", sm: "1.45", md: "1.5", lg: "1.5", xl: "1.3" },
  spacing: { xs: "8px", sm: "12px", md: "16px", lg: "24px", xl: "32px" },
  radius: { xs: "4px", sm: "6px", md: "8px", lg: "12px", xl: "16px" },
  defaultRadius: "sm",
  cursorType: "pointer",
  focusRing: "auto",
  respectReducedMotion: true,
  headings: {
    fontWeight: "600",
    sizes: {
      h1: { fontSize: "22px", lineHeight: "1.3" },
      h2: { fontSize: "16px", lineHeight: "1.4" },
      h3: { fontSize: "14px", lineHeight: "1.4" },
    },
  },
  components: {
    Button: { defaultProps: { size: "sm" } },
    TextInput: { defaultProps: { size: "sm" } },
    PasswordInput: { defaultProps: { size: "sm" } },
    Textarea: { defaultProps: { size: "sm", autosize: true, minRows: 2 } },
    Select: {
      defaultProps: {
        size: "sm",
        allowDeselect: false,
        comboboxProps: { keepMounted: false, transitionProps: { duration: 0 } },
      },
    },
    MultiSelect: {
      defaultProps: { size: "sm", comboboxProps: { keepMounted: false, transitionProps: { duration: 0 } } },
    },
    Autocomplete: {
      defaultProps: { size: "sm", comboboxProps: { keepMounted: false, transitionProps: { duration: 0 } } },
    },
    TagsInput: {
      defaultProps: { size: "sm", comboboxProps: { keepMounted: false, transitionProps: { duration: 0 } } },
    },
    NumberInput: { defaultProps: { size: "sm" } },
    // Rounder, a small one would be taken for a radio button.
    Checkbox: { defaultProps: { radius: "xs" } },
    // Without the placeholder the first item gets the focus, and the menu holds nothing but items.
    Menu: {
      defaultProps: {
        transitionProps: { duration: 80 },
        position: "bottom-end",
        shadow: "md",
        withInitialFocusPlaceholder: false,
      },
    },
    Modal: {
      defaultProps: {
        closeButtonProps: { "aria-label": "Close" },
        transitionProps: { duration: 120 },
        centered: true,
        radius: "md",
      },
    },
    Drawer: { defaultProps: { closeButtonProps: { "aria-label": "Close" }, transitionProps: { duration: 120 } } },
    Tooltip: { defaultProps: { openDelay: 250, withArrow: true } },
    Skeleton: { defaultProps: { radius: "xs" } },
  },
});

/** Mantine's quiet greys miss AA contrast; these hold it on every surface that we use. */
export const cssVariables: CSSVariablesResolver = () => ({
  variables: { "--m-nav-width": "232px", "--m-bar-height": "56px" },
  light: {
    "--mantine-color-text": "#1c2127",
    "--mantine-color-dimmed": "#59636e",
    "--mantine-color-placeholder": "#6b7580",
    "--mantine-color-error": "#b42318",
    "--mantine-color-anchor": "#08654c",
    "--m-line": "#e3e6e9",
    "--m-line-strong": "#cfd5da",
    "--m-control": "#858f99",
    "--m-surface": "#ffffff",
    "--m-sunken": "#f7f8f9",
    "--m-hover": "#f2f4f5",
    "--m-accent-ink": "#08654c",
    "--m-accent-soft": "#eaf6f1",
    "--m-ok": "#08654c",
    "--m-ok-soft": "#e7f5ef",
    "--m-warn": "#8a4b00",
    "--m-warn-soft": "#fdf2e0",
    "--m-bad": "#b42318",
    "--m-bad-soft": "#fdecea",
    "--m-info": "#1d4f91",
    "--m-info-soft": "#e9f1fb",
    "--m-muted-soft": "#eff1f3",
  },
  dark: {
    "--mantine-color-text": "#dfe3e8",
    "--mantine-color-body": "#14181c",
    "--mantine-color-dimmed": "#a2abb7",
    "--mantine-color-placeholder": "#8b95a1",
    "--mantine-color-error": "#ff9a8f",
    "--mantine-color-anchor": "#77c6a9",
    "--m-line": "#2a3037",
    "--m-line-strong": "#3b434c",
    "--m-control": "#6d7783",
    "--m-surface": "#181c21",
    "--m-sunken": "#101317",
    "--m-hover": "#20262c",
    "--m-accent-ink": "#77c6a9",
    "--m-accent-soft": "#12302a",
    "--m-ok": "#7bd0ae",
    "--m-ok-soft": "#12302a",
    "--m-warn": "#f0b665",
    "--m-warn-soft": "#33270f",
    "--m-bad": "#ff9a8f",
    "--m-bad-soft": "#3a1b19",
    "--m-info": "#93bdf5",
    "--m-info-soft": "#152840",
    "--m-muted-soft": "#262c33",
  },
});
