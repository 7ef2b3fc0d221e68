import { Stack } from "@mantine/core";
import { IconPlus, IconTrash } from "@tabler/icons-react";
import { useQuery } from "@tanstack/react-query";
import { cameQuery } from "../../api/directoryProviders.ts";
import { allGroupsQuery } from "../../api/groups.ts";
import { useOrg } from "../../api/org.tsx";
import type { DirectoryProvider, Role, RoleMapping } from "../../api/types.ts";
import { ActionIcon, Button } from "../../ui/controls.tsx";
import type { Draft } from "../../ui/draft.ts";
import { Autocomplete } from "../../ui/fields/Autocomplete.tsx";
import { Select } from "../../ui/fields/frequent.tsx";
import { NumberInput } from "../../ui/fields/NumberInput.tsx";
import { fieldError, Note } from "../../ui/Note.tsx";
import { Section } from "../../ui/Page.tsx";
import { useRowFocus } from "../../ui/rowFocus.ts";
import type { DirectoryDraft } from "./form.ts";
import { count, heldText, LIMIT, type RoleRow, roles } from "./words.ts";

interface RolesProps {
  provider: DirectoryProvider;
  draft: Draft<DirectoryDraft>;
  problem: { index: number; message: string } | undefined;
  failure: unknown;
}

/** What the members of a group that came from the directory get here, for as long as they are in it. */
export function Roles({ provider, draft, problem, failure }: RolesProps) {
  const { api } = useOrg();
  const came = useQuery(cameQuery(api, provider.id, "groups", "", 0));
  const local = useQuery(allGroupsQuery(api));
  const { list, focusLast, focusAdd } = useRowFocus();
  const rows = draft.value.roleMappings;
  const names = [...new Set(came.data?.items.map((one) => one.displayName ?? "").filter(Boolean))];
  const fed = new Set(came.data?.items.map((one) => one.id));
  const groups = (local.data ?? [])
    .filter((one) => !fed.has(one.id))
    .map((one) => ({ value: one.id, label: one.name }));
  const isGoogle = provider.type === "google_workspace";
  const change = (index: number, patch: Partial<RoleRow>) =>
    draft.set({ roleMappings: rows.map((row, at) => (at === index ? { ...row, ...patch } : row)) });
  return (
    <Section
      wide
      title="Group to Role Mapping"
      help="Whoever is in a group that this directory sent is put into a user group here, with all that it gives, or becomes an administrator. On leaving it is taken back at once."
    >
      {isGoogle && (
        <p className="section__help" style={{ marginTop: 0 }}>
          A group is meant by its address: what it is called is chosen by whoever owns it. The name of a group that is
          here is kept as its address.
        </p>
      )}
      <div className="roles" ref={list}>
        {rows.length > 0 && (
          <div className="roles__head" aria-hidden>
            <span>Group from the directory</span>
            <span>What its members get</span>
          </div>
        )}
        {rows.length === 0 && (
          <p className="section__help" style={{ marginTop: 0 }}>
            Nothing is mapped: groups that come are user groups here, and give what those are bound to.
          </p>
        )}
        {rows.map((row, index) => (
          // biome-ignore lint/suspicious/noArrayIndexKey: a row is its place; fields are controlled
          <fieldset key={index} className="roles__row" data-row aria-label={`role mapping ${index + 1}`}>
            <Autocomplete
              data-focus
              label="Group from the directory"
              labelProps={{ className: "roles__label" }}
              placeholder={isGoogle ? "platform-admins@example.com" : "Platform Admins"}
              data={names}
              value={row.group}
              error={
                (problem?.index === index && row.group.trim() === "" ? problem.message : undefined) ??
                fieldError(failure, `roleMappings[${index}].group`)
              }
              onChange={(group) => change(index, { group })}
            />
            <Gives
              row={row}
              groups={groups}
              saved={provider.roleMappings.find((one) => one.role && sameName(one.group, row.group))}
              error={
                (problem?.index === index && row.group.trim() !== "" ? problem.message : undefined) ??
                fieldError(failure, `roleMappings[${index}].userGroup`) ??
                fieldError(failure, `roleMappings[${index}].role`) ??
                fieldError(failure, `roleMappings[${index}].limit`)
              }
              onChange={(patch) => change(index, patch)}
            />
            <ActionIcon
              className="roles__remove"
              variant="subtle"
              color="gray"
              size={34}
              aria-label={`Remove role mapping ${index + 1}`}
              onClick={() => {
                draft.set({ roleMappings: rows.filter((_, at) => at !== index) });
                focusAdd();
              }}
            >
              <IconTrash size={16} aria-hidden />
            </ActionIcon>
          </fieldset>
        ))}
        <div>
          <Button
            data-add
            variant="default"
            size="xs"
            leftSection={<IconPlus size={14} aria-hidden />}
            onClick={() => {
              draft.set({ roleMappings: [...rows, { group: "", userGroup: null, role: null, limit: LIMIT }] });
              focusLast();
            }}
          >
            Add role mapping
          </Button>
        </div>
      </div>
    </Section>
  );
}

const sameName = (a: string, b: string) => a.trim().toLowerCase() === b.trim().toLowerCase();

interface GivesProps {
  row: RoleRow;
  groups: { value: string; label: string }[];
  /** What the server says of it. */
  saved: RoleMapping | undefined;
  error: string | undefined;
  onChange: (patch: Partial<RoleRow>) => void;
}

/** A user group or an administrators' role; of a role, how many people the group may hold. */
function Gives({ row, groups, saved, error, onChange }: GivesProps) {
  const held = saved && heldText(saved);
  return (
    <Stack gap={8}>
      <Select
        label="What its members get"
        labelProps={{ className: "roles__label" }}
        searchable
        data={[
          {
            group: "Administrator role",
            items: roles.map((one) => ({ value: `role ${one.value}`, label: one.label })),
          },
          { group: "User group", items: groups },
        ]}
        placeholder="Choose a role or a user group"
        value={row.role ? `role ${row.role}` : row.userGroup}
        error={error}
        onChange={(value) => {
          const role = value?.startsWith("role ") ? (value.slice(5) as Role) : null;
          onChange({ role, userGroup: role ? null : value });
        }}
      />
      {row.role && (
        <NumberInput
          label="At most so many people"
          description="A larger group gives nobody new the role."
          min={1}
          max={1000}
          allowDecimal={false}
          value={row.limit}
          onChange={(limit) => onChange({ limit })}
        />
      )}
      {row.role && saved && !held && (
        <span className="section__help">{count(saved.administrators, "administrator", "administrators")} by it.</span>
      )}
      {row.role && held && <Note tone="warn">{held}</Note>}
    </Stack>
  );
}
