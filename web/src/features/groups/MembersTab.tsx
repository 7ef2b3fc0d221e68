import { Button } from "@mantine/core";
import { useMutation, useQuery, useQueryClient } from "@tanstack/react-query";
import { Link } from "@tanstack/react-router";
import { useCallback, useState } from "react";
import { changeMember, MEMBERS_PER_PAGE, membersQuery } from "../../api/groups.ts";
import { useOrg } from "../../api/org.tsx";
import type { Member, UserGroup } from "../../api/types.ts";
import { DataTable } from "../../ui/DataTable.tsx";
import { Failure } from "../../ui/Note.tsx";
import { done, failed } from "../../ui/notify.ts";
import { Pager } from "../../ui/Pager.tsx";
import { SearchField } from "../../ui/SearchField.tsx";
import { Ago } from "../../ui/time.tsx";
import { UserPicker } from "../users/UserPicker.tsx";
import { Via } from "./Via.tsx";

/** Who is in the group and why; by hand only where no rule decides. */
export function MembersTab({ group }: { group: UserGroup }) {
  const { api, org } = useOrg();
  const client = useQueryClient();
  const [search, setSearch] = useState("");
  const [page, setPage] = useState(0);
  const members = useQuery(membersQuery(api, group.id, search, page));
  const byHand = group.membershipMethod !== "DYNAMIC_AUTOMATED";
  const change = useMutation({
    mutationFn: ({ op, user }: { op: "add" | "remove"; user: { id: string; name: string } }) =>
      changeMember(api, group.id, op, user.id),
    onSuccess: (_, { op, user }) => {
      for (const kind of ["group", "groups", "user"]) void client.invalidateQueries({ queryKey: [api.orgId, kind] });
      done(op === "add" ? `${user.name} is in ${group.name} now.` : `${user.name} left ${group.name}.`);
    },
    onError: failed,
  });
  const onSearch = useCallback((text: string) => {
    setSearch(text);
    setPage(0);
  }, []);
  return (
    <div className="tab-body">
      <div className="tools">
        <SearchField label="Search members" value={search} onChange={onSearch} delay_ms={200} />
        {byHand && (
          <div style={{ width: 300 }}>
            <UserPicker
              label="Add a user to this group"
              placeholder="Add a user to this group"
              without={members.data?.results.map((member) => member.id) ?? []}
              onPick={(user) => change.mutate({ op: "add", user: { id: user._id, name: user.username } })}
            />
          </div>
        )}
      </div>
      {!byHand && (
        <p className="section__help" style={{ marginTop: 0, marginBottom: 12 }}>
          The rule under Details decides who is here. To make an exception, exempt a person there.
        </p>
      )}
      <Failure error={members.error} retry={() => void members.refetch()} />
      <DataTable<Member>
        label="Members"
        rows={members.data?.results}
        id={(member) => member.id}
        empty={search ? "No member matches." : "Nobody is in this group yet."}
        columns={[
          {
            key: "name",
            label: "User",
            kind: "lead",
            render: (member) => (
              <Link
                className="table__main"
                to="/console/$slug/users/$userId"
                params={{ slug: org.slug, userId: member.id }}
              >
                {member.displayname || member.username}
                <span className="table__sub">{member.email}</span>
              </Link>
            ),
          },
          { key: "username", label: "Username", render: (member) => member.username },
          { key: "via", label: "Because of", kind: "tight", render: (member) => <Via via={member.via} /> },
          { key: "since", label: "Since", kind: "tight", render: (member) => <Ago at={member.since} /> },
          {
            key: "actions",
            label: "Actions",
            kind: "tail",
            render: (member) =>
              byHand && (
                <Button
                  size="xs"
                  variant="subtle"
                  color="gray"
                  aria-label={`Remove ${member.username}`}
                  onClick={() => change.mutate({ op: "remove", user: { id: member.id, name: member.username } })}
                >
                  Remove
                </Button>
              ),
          },
        ]}
      />
      <Pager page={page} size={MEMBERS_PER_PAGE} total={members.data?.totalCount} onPage={setPage} />
    </div>
  );
}
