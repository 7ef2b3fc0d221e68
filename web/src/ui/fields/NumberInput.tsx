// NumberInput, to look at only where nothing may be changed. A file of its own: few pages need it.
import { type NumberInputProps, NumberInput as Plain } from "@mantine/core";
import type { ComponentType } from "react";
import { field, fixed } from "../controls.tsx";

export const NumberInput = field(Plain as ComponentType<NumberInputProps<number>>, fixed);
