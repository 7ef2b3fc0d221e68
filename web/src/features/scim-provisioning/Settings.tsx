import { Stack } from "@mantine/core";
import { TextInput } from "../../ui/controls.tsx";
import type { Draft } from "../../ui/draft.ts";
import { Radio, Switch } from "../../ui/fields/frequent.tsx";
import { NumberInput } from "../../ui/fields/NumberInput.tsx";
import { fieldError } from "../../ui/Note.tsx";
import { Section } from "../../ui/Page.tsx";
import type { DirectoryDraft, Problems } from "./form.ts";

interface SettingsProps {
  /** Whether we read the directory; otherwise it pushes. */
  read: boolean;
  draft: Draft<DirectoryDraft>;
  problems: Problems;
  failure: unknown;
  onSubmit: () => void;
}

export function Settings({ read, draft, problems, failure, onSubmit }: SettingsProps) {
  const { value, set } = draft;
  return (
    <form
      noValidate
      onSubmit={(event) => {
        event.preventDefault();
        onSubmit();
      }}
    >
      <Section title="Settings" help="How what comes is joined with who is here.">
        <Stack gap={18}>
          <TextInput
            className="m-required"
            label="Name"
            maxLength={255}
            autoComplete="off"
            value={value.name}
            error={problems.name ?? fieldError(failure, "name")}
            onChange={(event) => set({ name: event.currentTarget.value })}
          />
          <Radio.Group
            label="Users who are here already"
            value={value.matching}
            error={fieldError(failure, "matching")}
            onChange={(matching) => set({ matching: matching as DirectoryDraft["matching"] })}
          >
            <Stack gap={10} mt={6}>
              <Radio
                value="none"
                label="Are left alone"
                description={
                  read
                    ? "A user name or e-mail that is taken is a conflict, and is told in the plan."
                    : "A user name or e-mail that is taken is refused, and the directory is told."
                }
              />
              <Radio
                value="email"
                label="Are taken over by their Company Email"
                description="The directory then decides about them. Nobody signs in any other way than before."
              />
            </Stack>
          </Radio.Group>
          <NumberInput
            w={240}
            label="Precedence"
            description="Where several directories feed the same field, the lowest number wins."
            min={0}
            allowDecimal={false}
            value={value.precedence}
            error={problems.precedence ?? fieldError(failure, "precedence")}
            onChange={(precedence) => set({ precedence })}
          />
          {!read && (
            <Switch
              label="Take passwords from this directory"
              description="On: people sign in here with the password that it sends, if your password rules allow it. Off: passwords that it sends are ignored. Turned off again, whoever has a password here keeps it and may change it here; whoever has none gets none."
              checked={value.passwords}
              onChange={(event) => set({ passwords: event.currentTarget.checked })}
            />
          )}
          <Switch
            label={read ? "May be imported from" : "Takes requests"}
            description={
              read
                ? "When off, nothing is imported. What came stays as it is."
                : "When off, every request is refused. What came stays as it is."
            }
            checked={value.active}
            onChange={(event) => set({ active: event.currentTarget.checked })}
          />
        </Stack>
        <button type="submit" hidden tabIndex={-1} aria-hidden="true" />
      </Section>
    </form>
  );
}
