import { Group } from "@mantine/core";
import { IconListCheck } from "@tabler/icons-react";
import { useMutation, useQuery, useQueryClient } from "@tanstack/react-query";
import { useState } from "react";
import { decideSuggestions, type GroupKind, suggestionsQuery } from "../../api/groups.ts";
import { useOrg } from "../../api/org.tsx";
import type { Suggestion, UserGroup } from "../../api/types.ts";
import { useConfirm } from "../../ui/Confirm.tsx";
import { confirmed } from "../../ui/confirmed.ts";
import { Button, Checkbox } from "../../ui/controls.tsx";
import { DataTable } from "../../ui/DataTable.tsx";
import { Empty } from "../../ui/Empty.tsx";
import { Failure } from "../../ui/Note.tsx";
import { done, failed } from "../../ui/notify.ts";
import { Status } from "../../ui/Status.tsx";
import { Ago } from "../../ui/time.tsx";
import { kinds } from "./kinds.ts";

const nameOf = (one: Suggestion) => one.member?.displayname || one.member?.username || one.object.id;

/** What the rule suggests, for an administrator to accept or reject: one by one, some, or all. */
export function Suggestions({ group, kind }: { group: UserGroup; kind: GroupKind }) {
  const { api } = useOrg();
  const client = useQueryClient();
  const confirm = useConfirm();
  const found = useQuery(suggestionsQuery(api, group.id, kind));
  const [picked, setPicked] = useState<string[]>([]);
  const decide = useMutation({
    mutationFn: ({ ids, accept }: { ids: string[] | "all"; accept: boolean }) =>
      confirmed(confirm, (sure) => decideSuggestions(api, group.id, kind, ids, accept, sure)),
    onSuccess: (sent, { ids, accept }) => {
      if (sent === null) return;
      setPicked([]);
      for (const of of ["group", "groups", "user"]) void client.invalidateQueries({ queryKey: [api.orgId, of] });
      const count = ids === "all" ? "All suggestions" : ids.length === 1 ? "1 suggestion" : `${ids.length} suggestions`;
      done(`${count} ${accept ? "accepted" : "rejected"}.`);
    },
    onError: failed,
  });
  const rows = found.data;
  const waiting = rows?.filter((one) => !one.rejected) ?? [];
  if (rows && rows.length === 0) {
    return (
      <div className="tab-body">
        <Empty
          icon={<IconListCheck size={24} />}
          title="Nothing to review"
          text={`The rule and the ${kinds[kind].members.toLowerCase()} of this group agree. What the rule would change shows up here.`}
        />
      </div>
    );
  }
  return (
    <div className="tab-body">
      <Failure error={found.error} retry={() => void found.refetch()} />
      <Group justify="space-between" mb={12}>
        <span className="section__help" style={{ margin: 0 }}>
          {waiting.filter((one) => one.op === "add").length} to add,{" "}
          {waiting.filter((one) => one.op === "remove").length} to remove
        </span>
        <Group gap={8}>
          {picked.length > 0 ? (
            <>
              <Button
                variant="default"
                loading={decide.isPending}
                onClick={() => decide.mutate({ ids: picked, accept: false })}
              >
                Reject selected ({picked.length})
              </Button>
              <Button loading={decide.isPending} onClick={() => decide.mutate({ ids: picked, accept: true })}>
                Accept selected ({picked.length})
              </Button>
            </>
          ) : (
            waiting.length > 0 && (
              <>
                <Button
                  variant="default"
                  loading={decide.isPending}
                  onClick={() => decide.mutate({ ids: "all", accept: false })}
                >
                  Reject all
                </Button>
                <Button loading={decide.isPending} onClick={() => decide.mutate({ ids: "all", accept: true })}>
                  Accept all
                </Button>
              </>
            )
          )}
        </Group>
      </Group>
      <DataTable<Suggestion>
        label="Suggestions"
        rows={rows}
        id={(one) => one.object.id}
        empty="Nothing to review."
        columns={[
          {
            key: "pick",
            label: "Select",
            kind: "tight",
            render: (one) => (
              <Checkbox
                aria-label={`Select ${nameOf(one)}`}
                checked={picked.includes(one.object.id)}
                onChange={(event) =>
                  setPicked(
                    event.currentTarget.checked
                      ? [...picked, one.object.id]
                      : picked.filter((id) => id !== one.object.id),
                  )
                }
              />
            ),
          },
          {
            key: "name",
            label: kinds[kind].member,
            kind: "lead",
            render: (one) => (
              <span>
                {nameOf(one)}
                <span className="table__sub">{one.member?.email ?? one.member?.hostname ?? "\u00a0"}</span>
              </span>
            ),
          },
          {
            key: "op",
            label: "Suggestion",
            kind: "tight",
            render: (one) => (
              <Status tone={one.op === "add" ? "ok" : "warn"}>{one.op === "add" ? "Add" : "Remove"}</Status>
            ),
          },
          {
            key: "state",
            label: "State",
            kind: "tight",
            render: (one) => (one.rejected ? <Status tone="muted">Rejected</Status> : <Ago at={one.since} />),
          },
          {
            key: "actions",
            label: "Actions",
            kind: "tail",
            render: (one) => (
              <Group gap={4} wrap="nowrap" justify="flex-end">
                {!one.rejected && (
                  <Button
                    size="xs"
                    variant="subtle"
                    color="gray"
                    aria-label={`Reject ${nameOf(one)}`}
                    onClick={() => decide.mutate({ ids: [one.object.id], accept: false })}
                  >
                    Reject
                  </Button>
                )}
                <Button
                  size="xs"
                  variant="light"
                  aria-label={`Accept ${nameOf(one)}`}
                  onClick={() => decide.mutate({ ids: [one.object.id], accept: true })}
                >
                  Accept
                </Button>
              </Group>
            ),
          },
        ]}
      />
    </div>
  );
}
