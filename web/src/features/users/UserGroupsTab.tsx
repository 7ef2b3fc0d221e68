import { Group } from "@mantine/core";
import { useMutation, useQuery, useQueryClient } from "@tanstack/react-query";
import { Link } from "@tanstack/react-router";
import { useState } from "react";
import { allGroupsQuery, changeMember } from "../../api/groups.ts";
import { useOrg } from "../../api/org.tsx";
import type { User, UserGroupRef } from "../../api/types.ts";
import { userGroupsOfQuery } from "../../api/users.ts";
import { Button } from "../../ui/controls.tsx";
import { DataTable } from "../../ui/DataTable.tsx";
import { Select } from "../../ui/fields/frequent.tsx";
import { Failure } from "../../ui/Note.tsx";
import { done, failed } from "../../ui/notify.ts";
import { Ago } from "../../ui/time.tsx";
import { Via } from "../groups/Via.tsx";
import { Why } from "../groups/Why.tsx";
import { userName } from "./status.tsx";

/** The groups of one person, why each, and adding to those that are kept by hand. */
export function UserGroupsTab({ user }: { user: User }) {
  const { api, org } = useOrg();
  const client = useQueryClient();
  const mine = useQuery(userGroupsOfQuery(api, user._id));
  const all = useQuery(allGroupsQuery(api));
  const [chosen, setChosen] = useState<string | null>(null);
  const [why, setWhy] = useState<{ id: string; name: string }>();
  const change = useMutation({
    mutationFn: ({ op, group }: { op: "add" | "remove"; group: { id: string; name: string } }) =>
      changeMember(api, group.id, op, user._id),
    onSuccess: (_, { op, group }) => {
      void client.invalidateQueries({ queryKey: [api.orgId, "user", user._id] });
      void client.invalidateQueries({ queryKey: [api.orgId, "group", group.id] });
      void client.invalidateQueries({ queryKey: [api.orgId, "groups"] });
      setChosen(null);
      done(op === "add" ? `${userName(user)} is in ${group.name} now.` : `${userName(user)} left ${group.name}.`);
    },
    onError: failed,
  });
  const member = new Set(mine.data?.map((one) => one.id));
  const choices = all.data
    ?.filter((group) => group.membershipMethod === "STATIC" && !member.has(group.id))
    .map((group) => ({ value: group.id, label: group.name }));
  const add = () => {
    const group = all.data?.find((one) => one.id === chosen);
    if (group) change.mutate({ op: "add", group });
  };
  return (
    <div className="tab-body">
      <Group gap={8} mb={12} align="flex-end">
        <Select
          aria-label="Add to a user group"
          placeholder="Add to a user group"
          searchable
          clearable
          w={300}
          data={choices ?? []}
          value={chosen}
          nothingFoundMessage="No static group of that name"
          onChange={setChosen}
        />
        <Button variant="default" disabled={!chosen} loading={change.isPending} onClick={add}>
          Add
        </Button>
      </Group>
      <Failure error={mine.error} retry={() => void mine.refetch()} />
      <DataTable<UserGroupRef>
        label="User Groups of this user"
        expected={3}
        rows={mine.data}
        id={(group) => group.id}
        empty="In no group yet."
        columns={[
          {
            key: "name",
            label: "User Group",
            kind: "lead",
            render: (group) => (
              <Link
                className="table__main"
                to="/console/$slug/user-groups/$groupId"
                params={{ slug: org.slug, groupId: group.id }}
              >
                {group.name}
              </Link>
            ),
          },
          { key: "via", label: "Because of", kind: "tight", render: (group) => <Via via={group.via} /> },
          { key: "since", label: "Since", kind: "tight", render: (group) => <Ago at={group.since} /> },
          {
            key: "actions",
            label: "Actions",
            kind: "tail",
            render: (group) => (
              <Group gap={4} wrap="nowrap" justify="flex-end">
                <Button
                  reads
                  size="xs"
                  variant="subtle"
                  color="gray"
                  aria-label={`Why ${group.name}`}
                  onClick={() => setWhy(group)}
                >
                  Why
                </Button>
                {group.via === "direct" && (
                  <Button
                    size="xs"
                    variant="subtle"
                    color="gray"
                    aria-label={`Remove from ${group.name}`}
                    onClick={() => change.mutate({ op: "remove", group })}
                  >
                    Remove
                  </Button>
                )}
              </Group>
            ),
          },
        ]}
      />
      {why && (
        <Why
          kind="user"
          group={why}
          member={{ id: user._id, name: userName(user) }}
          onClose={() => setWhy(undefined)}
        />
      )}
    </div>
  );
}
