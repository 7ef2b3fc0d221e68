// The controls of pages. Whoever may only look meets them switched off, with the reason: a control changes something unless it
// says that it `reads`, or is a link. So a new page is right before anybody thinks of it.
import {
  type ActionIconProps,
  type ButtonProps,
  createPolymorphicComponent,
  type MenuItemProps,
  ActionIcon as PlainActionIcon,
  Button as PlainButton,
  Checkbox as PlainCheckbox,
  Menu as PlainMenu,
  TextInput as PlainTextInput,
} from "@mantine/core";
import type { ComponentProps, ComponentType } from "react";
import { useReadOnly } from "../api/org.tsx";

/** Why a control is off. */
export const LOOKS_ONLY = "Your role is Read Only";

interface Reads {
  /** It only shows something: whoever may only look may use it. */
  reads?: boolean;
}

export const off = { disabled: true, title: LOOKS_ONLY };

/** What is off for whoever may only look. */
function useOff<Off extends object>(
  { reads, renderRoot }: Reads & { renderRoot?: unknown },
  what: Off,
): Off | undefined {
  return useReadOnly() && !reads && !renderRoot ? what : undefined;
}

export const Button = createPolymorphicComponent<"button", ButtonProps & Reads>(
  ({ reads, ...props }: ButtonProps & Reads & { renderRoot?: unknown }) => (
    <PlainButton {...(props as ButtonProps)} {...useOff({ reads, renderRoot: props.renderRoot }, off)} />
  ),
);

export const ActionIcon = createPolymorphicComponent<"button", ActionIconProps & Reads>(
  ({ reads, ...props }: ActionIconProps & Reads) => <PlainActionIcon {...props} {...useOff({ reads }, off)} />,
);

const Item = createPolymorphicComponent<"button", MenuItemProps & Reads>(
  ({ reads, ...props }: MenuItemProps & Reads) => <PlainMenu.Item {...props} {...useOff({ reads }, off)} />,
);

/** What is chosen among in a menu with marks is what is shown: that may everybody. */
export const Menu = Object.assign((props: ComponentProps<typeof PlainMenu>) => <PlainMenu {...props} />, {
  Target: PlainMenu.Target,
  Dropdown: PlainMenu.Dropdown,
  Divider: PlainMenu.Divider,
  Label: PlainMenu.Label,
  RadioGroup: PlainMenu.RadioGroup,
  RadioItem: PlainMenu.RadioItem,
  CheckboxItem: PlainMenu.CheckboxItem,
  Item,
});

/** A field, with what makes it one to look at. */
export function field<Props extends object>(Plain: ComponentType<Props>, what: Partial<Props>) {
  return function Field({ reads, ...props }: Props & Reads) {
    return <Plain {...(props as unknown as Props)} {...useOff({ reads }, what)} />;
  };
}

/** Marked besides: a field to choose in is never typed in, and looks the same. */
export const fixed = { readOnly: true, "data-off": true };

export const TextInput = field<ComponentProps<typeof PlainTextInput>>(PlainTextInput, fixed);
export const Checkbox = field<ComponentProps<typeof PlainCheckbox>>(PlainCheckbox, off);
