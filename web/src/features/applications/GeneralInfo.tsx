import { Stack } from "@mantine/core";
import { Checkbox, TextInput } from "../../ui/controls.tsx";
import { Textarea } from "../../ui/fields/frequent.tsx";
import { LogoField } from "../../ui/LogoField.tsx";

export interface General {
  displayLabel: string;
  description: string;
  hidden: boolean;
  /** A data: URL when chosen here, an address when saved, null for none. */
  logo: string | null;
}

interface GeneralInfoProps {
  value: General;
  set: (patch: Partial<General>) => void;
  error: (field: string) => string | undefined;
  /** Whether people sign in to it, and so may see it in their portal. */
  portal?: boolean;
}

/** What people see of an application. */
export function GeneralInfo({ value, set, error, portal = true }: GeneralInfoProps) {
  return (
    <Stack gap={18}>
      <TextInput
        className="m-required"
        label="Display Label"
        description="The name that people see in the portal and when they sign in."
        value={value.displayLabel}
        maxLength={255}
        autoComplete="off"
        error={error("displayLabel")}
        onChange={(event) => set({ displayLabel: event.currentTarget.value })}
      />
      <Textarea
        label="Description"
        value={value.description}
        maxLength={1024}
        error={error("description")}
        onChange={(event) => set({ description: event.currentTarget.value })}
      />
      <LogoField
        label="Logo"
        name={value.displayLabel}
        value={value.logo}
        error={error("logo")}
        onChange={(logo) => set({ logo })}
      />
      {portal && (
        <div>
          <div className="labelled__name">Show in User Portal</div>
          <Checkbox
            label="Show this application in User Portal"
            checked={!value.hidden}
            onChange={(event) => set({ hidden: !event.currentTarget.checked })}
          />
        </div>
      )}
    </Stack>
  );
}
