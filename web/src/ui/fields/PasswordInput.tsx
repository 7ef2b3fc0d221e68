// PasswordInput, to look at only where nothing may be changed. A file of its own: few pages need it.
import { PasswordInput as Plain } from "@mantine/core";
import type { ComponentProps } from "react";
import { field, fixed } from "../controls.tsx";

export const PasswordInput = field<ComponentProps<typeof Plain>>(Plain, fixed);
