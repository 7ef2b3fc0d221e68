// MultiSelect, to look at only where nothing may be changed. A file of its own: few pages need it.
import { type MultiSelectProps, MultiSelect as Plain } from "@mantine/core";
import { field, fixed } from "../controls.tsx";

export const MultiSelect = field<MultiSelectProps<string>>(Plain, fixed);
