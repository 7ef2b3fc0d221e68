import { ActionIcon, Autocomplete, Button, Select } from "@mantine/core";
import { IconPlus, IconTrash } from "@tabler/icons-react";
import { useQuery } from "@tanstack/react-query";
import { cameQuery } from "../../api/directoryProviders.ts";
import { allGroupsQuery } from "../../api/groups.ts";
import { useOrg } from "../../api/org.tsx";
import type { DirectoryProvider } from "../../api/types.ts";
import type { Draft } from "../../ui/draft.ts";
import { fieldError } from "../../ui/Note.tsx";
import { Section } from "../../ui/Page.tsx";
import { useRowFocus } from "../../ui/rowFocus.ts";
import type { DirectoryDraft } from "./form.ts";
import type { RoleRow } from "./words.ts";

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
  const groups = [
    ...(local.data ?? []).filter((one) => !fed.has(one.id)).map((one) => ({ value: one.id, label: one.name })),
  ];
  const change = (index: number, patch: Partial<RoleRow>) =>
    draft.set({ roleMappings: rows.map((row, at) => (at === index ? { ...row, ...patch } : row)) });
  return (
    <Section
      wide
      title="Group to Role Mapping"
      help="Whoever is in a group that this directory sent is put into a user group here, with all that it gives: applications, devices, places in rules. On leaving it is taken back."
    >
      <div className="roles" ref={list}>
        {rows.length > 0 && (
          <div className="roles__head" aria-hidden>
            <span>Group from the directory</span>
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
                (problem?.index === index && row.group.trim() === "" ? problem.message : undefined) ??
                fieldError(failure, `roleMappings[${index}].group`)
              }
              onChange={(group) => change(index, { group })}
            />
            <Select
              aria-label="User group here"
              searchable
              data={groups}
              placeholder="Choose a user group"
              value={row.userGroup}
              error={
                (problem?.index === index && row.group.trim() !== "" ? problem.message : undefined) ??
                fieldError(failure, `roleMappings[${index}].userGroup`)
              }
              onChange={(userGroup) => change(index, { userGroup })}
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
              draft.set({ roleMappings: [...rows, { group: "", userGroup: null }] });
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
