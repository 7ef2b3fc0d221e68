import { ActionIcon, Autocomplete, Button, Select } from "@mantine/core";
import { IconPlus, IconTrash } from "@tabler/icons-react";
import { useQuery } from "@tanstack/react-query";
import { cameQuery } from "../../api/directoryProviders.ts";
import { allGroupsQuery } from "../../api/groups.ts";
import { useOrg } from "../../api/org.tsx";
import type { DirectoryProvider, RoleMapping } from "../../api/scimTypes.ts";
import type { Draft } from "../../ui/draft.ts";
import { fieldError } from "../../ui/Note.tsx";
import { Section } from "../../ui/Page.tsx";
import { useRowFocus } from "../../ui/rowFocus.ts";
import type { DirectoryDraft } from "./form.ts";

interface RolesProps {
  provider: DirectoryProvider;
  draft: Draft<DirectoryDraft>;
  problem: { index: number; message: string } | undefined;
  failure: unknown;
}

const NONE = "";
const roles = [
  { value: NONE, label: "No role" },
  { value: "Administrator", label: "Administrator" },
  { value: "Read Only", label: "Read Only" },
];

/** What the members of a group that came from the directory get here, for as long as they are in it. */
export function Roles({ provider, draft, problem, failure }: RolesProps) {
  const { api } = useOrg();
  const came = useQuery(cameQuery(api, provider.id, "groups", "", 0));
  const local = useQuery(allGroupsQuery(api));
  const { list, focusLast, focusAdd } = useRowFocus();
  const rows = draft.value.roleMappings;
  const names = [...new Set(came.data?.items.map((one) => one.displayName ?? "").filter(Boolean))];
  const fed = new Set(came.data?.items.map((one) => one.id));
  const groups = [
    { value: NONE, label: "No user group" },
    ...(local.data ?? []).filter((one) => !fed.has(one.id)).map((one) => ({ value: one.id, label: one.name })),
  ];
  const change = (index: number, patch: Partial<RoleMapping>) =>
    draft.set({ roleMappings: rows.map((row, at) => (at === index ? { ...row, ...patch } : row)) });
  return (
    <Section
      wide
      title="Group to Role Mapping"
      help="Whoever is in a group that this directory sent gets a role or a place in a user group here, and loses it on leaving."
    >
      <div className="roles" ref={list}>
        {rows.length > 0 && (
          <div className="roles__head" aria-hidden>
            <span>Group from the directory</span>
            <span>Administrator role</span>
            <span>User group here</span>
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
              aria-label="Group from the directory"
              placeholder="Platform Admins"
              data={names}
              value={row.group}
              error={
                (problem?.index === index ? problem.message : undefined) ??
                fieldError(failure, `roleMappings[${index}].group`)
              }
              onChange={(group) => change(index, { group })}
            />
            <Select
              aria-label="Administrator role"
              data={roles}
              value={row.role ?? NONE}
              error={fieldError(failure, `roleMappings[${index}].role`)}
              onChange={(role) => change(index, { role: role || null })}
            />
            <Select
              aria-label="User group here"
              searchable
              data={groups}
              value={row.userGroup ?? NONE}
              error={fieldError(failure, `roleMappings[${index}].userGroup`)}
              onChange={(group) => change(index, { userGroup: group || null })}
            />
            <ActionIcon
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
              draft.set({ roleMappings: [...rows, { group: "", role: null, userGroup: null }] });
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
