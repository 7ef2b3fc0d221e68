import { Group } from "@mantine/core";
import { useMutation, useQuery, useQueryClient } from "@tanstack/react-query";
import { Link } from "@tanstack/react-router";
import { useCallback, useState } from "react";
import { changeMember, type GroupKind, MEMBERS_PER_PAGE, membersQuery } from "../../api/groups.ts";
import { useOrg } from "../../api/org.tsx";
import type { Member, UserGroup } from "../../api/types.ts";
import { Button } from "../../ui/controls.tsx";
import { DataTable } from "../../ui/DataTable.tsx";
import { Failure } from "../../ui/Note.tsx";
import { done, failed } from "../../ui/notify.ts";
import { Pager } from "../../ui/Pager.tsx";
import { SearchField } from "../../ui/SearchField.tsx";
import { Ago } from "../../ui/time.tsx";
import { kinds } from "./kinds.ts";
import { MemberPicker } from "./MemberPicker.tsx";
import { Via } from "./Via.tsx";
import { Why } from "./Why.tsx";

/** Who is in the group and why; by hand only where no rule decides. */
export function MembersTab({ group, kind }: { group: UserGroup; kind: GroupKind }) {
  const { api, org } = useOrg();
  const client = useQueryClient();
  const [search, setSearch] = useState("");
  const [page, setPage] = useState(0);
  const [why, setWhy] = useState<{ id: string; name: string }>();
  const members = useQuery(membersQuery(api, group.id, search, page, kind));
  const keeper = group.directoryProvider;
  const byHand = group.membershipMethod === "STATIC" && !keeper;
  const words = kinds[kind];
  const change = useMutation({
    mutationFn: ({ op, user }: { op: "add" | "remove"; user: { id: string; name: string } }) =>
      changeMember(api, group.id, op, user.id, kind),
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
            <MemberPicker
              kind={kind}
              label={`Add a ${words.member.toLowerCase()} to this group`}
              without={members.data?.results.map((member) => member.id) ?? []}
              onPick={(user) => change.mutate({ op: "add", user })}
            />
          </div>
        )}
        <div style={{ width: 260 }}>
          <MemberPicker
            kind={kind}
            label={`Why is a ${words.member.toLowerCase()} in or not?`}
            without={[]}
            onPick={setWhy}
          />
        </div>
      </div>
      {keeper && (
        <p className="section__help" style={{ marginTop: 0, marginBottom: 12 }}>
          Members come from the directory {keeper.name}: add and remove them there.
        </p>
      )}
      {!byHand && !keeper && (
        <p className="section__help" style={{ marginTop: 0, marginBottom: 12 }}>
          The rule under Details decides who is here. To make an exception, exempt a {words.member.toLowerCase()} there.
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
            label: words.member,
            kind: "lead",
            render: (member) =>
              kind === "user" ? (
                <Link
                  className="table__main"
                  to="/console/$slug/users/$userId"
                  params={{ slug: org.slug, userId: member.id }}
                >
                  {member.displayname || member.username}
                  <span className="table__sub">{member.email}</span>
                </Link>
              ) : (
                <Link
                  className="table__main"
                  to="/console/$slug/devices/$deviceId"
                  params={{ slug: org.slug, deviceId: member.id }}
                >
                  {member.displayname}
                  <span className="table__sub">{member.hostname ?? "\u00a0"}</span>
                </Link>
              ),
          },
          kind === "user"
            ? { key: "username", label: "Username", render: (member) => member.username }
            : { key: "os", label: "OS", render: (member) => member.osFamily },
          { key: "via", label: "Because of", kind: "tight", render: (member) => <Via via={member.via} /> },
          { key: "since", label: "Since", kind: "tight", render: (member) => <Ago at={member.since} /> },
          {
            key: "actions",
            label: "Actions",
            kind: "tail",
            render: (member) => {
              const name = member.username ?? member.displayname;
              return (
                <Group gap={4} wrap="nowrap" justify="flex-end">
                  <Button
                    reads
                    size="xs"
                    variant="subtle"
                    color="gray"
                    aria-label={`Why ${name}`}
                    onClick={() => setWhy({ id: member.id, name })}
                  >
                    Why
                  </Button>
                  {byHand && member.via === "direct" && (
                    <Button
                      size="xs"
                      variant="subtle"
                      color="gray"
                      aria-label={`Remove ${name}`}
                      onClick={() => change.mutate({ op: "remove", user: { id: member.id, name } })}
                    >
                      Remove
                    </Button>
                  )}
                </Group>
              );
            },
          },
        ]}
      />
      {why && <Why kind={kind} group={group} member={why} onClose={() => setWhy(undefined)} />}
      <Pager page={page} size={MEMBERS_PER_PAGE} total={members.data?.totalCount} onPage={setPage} />
    </div>
  );
}
