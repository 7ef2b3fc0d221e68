// The fields that many forms have, to look at only where nothing may be changed (controls.tsx says how).
import {
  Radio as PlainRadio,
  Select as PlainSelect,
  Switch as PlainSwitch,
  Textarea as PlainTextarea,
  type SelectProps,
} from "@mantine/core";
import type { ComponentProps } from "react";
import { field, fixed, off } from "../controls.tsx";

export const Textarea = field<ComponentProps<typeof PlainTextarea>>(PlainTextarea, fixed);
export const Select = field<SelectProps<string>>(PlainSelect, fixed);
export const Switch = field<ComponentProps<typeof PlainSwitch>>(PlainSwitch, off);
export const Radio = Object.assign(field<ComponentProps<typeof PlainRadio>>(PlainRadio, off), {
  Group: PlainRadio.Group,
});
