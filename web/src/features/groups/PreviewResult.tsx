import { Group } from "@mantine/core";
import { IconDownload } from "@tabler/icons-react";
import { useMutation } from "@tanstack/react-query";
import { useState } from "react";
import { type GroupKind, previewGroup, type RuleDraft } from "../../api/groups.ts";
import { useOrg } from "../../api/org.tsx";
import type { Change, Preview } from "../../api/types.ts";
import { Button } from "../../ui/controls.tsx";
import { DataTable } from "../../ui/DataTable.tsx";
import { Failure, Note } from "../../ui/Note.tsx";
import { SearchField } from "../../ui/SearchField.tsx";
import { Status, type StatusTone } from "../../ui/Status.tsx";
import { kinds } from "./kinds.ts";

const words: Record<Change, { label: string; tone: StatusTone }> = {
  joins: { label: "Joins", tone: "ok" },
  leaves: { label: "Leaves", tone: "warn" },
  stays: { label: "Is a member", tone: "muted" },
  suggested_add: { label: "Would be suggested to add", tone: "info" },
  suggested_remove: { label: "Would be suggested to remove", tone: "warn" },
};

interface PreviewResultProps {
  kind: GroupKind;
  groupId: string | undefined;
  rule: RuleDraft;
  preview: Preview;
}

/** Who would be in the group once the rule is saved, and what follows from it. */
export function PreviewResult({ kind, groupId, rule, preview }: PreviewResultProps) {
  const { api } = useOrg();
  const [search, setSearch] = useState("");
  const narrowed = useMutation({
    mutationFn: (term: string) => previewGroup(api, groupId, rule, kind, { search: term }),
  });
  const shown = search && narrowed.data ? narrowed.data.members : preview.members;
  const total = preview.totalCount;
  const concerned = total + preview.leaves;
  const save = useMutation({
    mutationFn: async () => {
      const all: Preview["members"] = [];
      for (let skip = 0; ; skip += 1000) {
        const part = await previewGroup(api, groupId, rule, kind, { skip, limit: 1000 });
        all.push(...part.members);
        if (part.members.length < 1000) return all;
      }
    },
    onSuccess: (all) => download("preview.csv", csv(all)),
  });
  return (
    <section aria-label="Preview" aria-live="polite">
      <div className="counts">
        <strong>
          {total === 1 ? "1 member" : `${total.toLocaleString()} members`}
          {total === 0 && ": nobody meets these conditions"}
        </strong>
        {preview.joins > 0 && <Status tone="ok">{`${preview.joins} ${preview.joins === 1 ? "joins" : "join"}`}</Status>}
        {preview.leaves > 0 && (
          <Status tone="warn">{`${preview.leaves} ${preview.leaves === 1 ? "leaves" : "leave"}`}</Status>
        )}
        {preview.stays > 0 && (
          <Status tone="muted">{`${preview.stays} ${preview.stays === 1 ? "stays" : "stay"}`}</Status>
        )}
        {preview.suggestions > 0 && <Status tone="info">{`${preview.suggestions} to review`}</Status>}
      </div>
      <Effects preview={preview} kind={kind} />
      {preview.unusedAttributes.length > 0 && (
        <Note tone="warn">
          Nobody has the custom attribute{" "}
          {preview.unusedAttributes.map((one) => one.replace("attributes.", "")).join(", ")} yet: check its spelling.
        </Note>
      )}
      <Failure error={narrowed.error ?? save.error} />
      {preview.members.length > 0 && (
        <>
          {concerned > 10 && (
            <Group justify="space-between" mb={8}>
              <SearchField
                label="Search the preview"
                value={search}
                delay_ms={300}
                onChange={(term) => {
                  setSearch(term);
                  if (term) narrowed.mutate(term);
                }}
              />
              <Button
                variant="default"
                size="xs"
                leftSection={<IconDownload size={14} aria-hidden />}
                loading={save.isPending}
                onClick={() => save.mutate()}
              >
                Export
              </Button>
            </Group>
          )}
          <DataTable
            label="Preview of the members"
            rows={shown}
            id={(member) => member.id}
            empty="Nobody of that name."
            columns={[
              {
                key: "name",
                label: kinds[kind].member,
                kind: "lead",
                render: (member) => (
                  <span>
                    {member.displayname || member.username}
                    <span className="table__sub">{member.email ?? member.hostname ?? "\u00a0"}</span>
                  </span>
                ),
              },
              {
                key: "username",
                label: kind === "user" ? "Username" : "OS",
                render: (member) => member.username ?? member.osFamily,
              },
              {
                key: "change",
                label: "Change",
                kind: "tight",
                render: (member) => <Status tone={words[member.change].tone}>{words[member.change].label}</Status>,
              },
            ]}
          />
        </>
      )}
      {shown.length < concerned && shown.length > 0 && !search && (
        <p className="section__help">The first {shown.length} are shown.</p>
      )}
    </section>
  );
}

/** How many devices of people, or people of devices, are named. */
const SHOWN_BOUND = 8;

/** What people gain or lose besides membership. */
export function Effects({ preview, kind }: { preview: Preview; kind: GroupKind }) {
  const parts = [
    ...preview.groups.map((one) => ({ ...one, what: "Group" })),
    ...preview.applications.map((one) => ({ ...one, what: "Application" })),
    ...preview.accounts.map((one) => ({ ...one, what: "Account at" })),
    ...preview.routingPolicies.map((one) => ({ ...one, what: "Routing policy" })),
  ];
  const bound = preview.deviceBindings;
  const more = preview.deviceBindingCount - Math.min(bound.length, SHOWN_BOUND);
  if (parts.length === 0 && bound.length === 0) return null;
  const { count } = kinds[kind];
  return (
    <ul className="effects" aria-label="What follows">
      {parts.map((one) => (
        <li key={`${one.what} ${one.id}`}>
          {one.what} <strong>{one.name}</strong>: {one.gains > 0 && `${count(one.gains)} gain it`}
          {one.gains > 0 && one.loses > 0 && ", "}
          {one.loses > 0 && `${count(one.loses)} lose it`}
        </li>
      ))}
      {bound.slice(0, SHOWN_BOUND).map((one) => (
        <li key={one.id}>
          {kind === "user" ? "Device" : "Person"} <strong>{one.name}</strong>:{" "}
          {one.gains > 0 && `comes with ${count(one.gains)}`}
          {one.gains > 0 && one.loses > 0 && ", "}
          {one.loses > 0 && `goes with ${count(one.loses)}`}
        </li>
      ))}
      {more > 0 && (
        <li>
          and {more.toLocaleString()} more {kind === "user" ? "devices of theirs" : "people of theirs"}
        </li>
      )}
    </ul>
  );
}

/** A cell that no spreadsheet takes for a formula. */
function cell(value: string): string {
  const safe = /^[=+\-@\t\r]/.test(value) ? `'${value}` : value;
  return `"${safe.replaceAll('"', '""')}"`;
}

function csv(members: Preview["members"]): string {
  const rows = members.map((one) => [
    one.id,
    one.username ?? one.displayname,
    one.email ?? one.hostname ?? "",
    words[one.change].label,
  ]);
  return [["id", "name", "email or host name", "change"], ...rows].map((row) => row.map(cell).join(",")).join("\r\n");
}

function download(name: string, text: string): void {
  const link = document.createElement("a");
  link.href = URL.createObjectURL(new Blob([text], { type: "text/csv" }));
  link.download = name;
  link.click();
  URL.revokeObjectURL(link.href);
}
