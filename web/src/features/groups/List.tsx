import { Button } from "@mantine/core";
import { IconPlus, IconUsersGroup } from "@tabler/icons-react";
import { useQuery } from "@tanstack/react-query";
import { getRouteApi, Link, useNavigate } from "@tanstack/react-router";
import { useCallback } from "react";
import { GROUPS_PER_PAGE, groupsQuery } from "../../api/groups.ts";
import { useOrg } from "../../api/org.tsx";
import type { UserGroup } from "../../api/types.ts";
import { DataTable } from "../../ui/DataTable.tsx";
import { Empty } from "../../ui/Empty.tsx";
import { FilterChip } from "../../ui/FilterChip.tsx";
import { Failure } from "../../ui/Note.tsx";
import { Page } from "../../ui/Page.tsx";
import { Pager } from "../../ui/Pager.tsx";
import { SearchField } from "../../ui/SearchField.tsx";
import { Status } from "../../ui/Status.tsx";

const route = getRouteApi("/console/$slug/user-groups");

export function GroupList() {
  const { api, org } = useOrg();
  const search = route.useSearch();
  const navigate = useNavigate({ from: "/console/$slug/user-groups" });
  const groups = useQuery(groupsQuery(api, search));
  const filtered = Boolean(search.search || search.method);
  const change = useCallback(
    (patch: Partial<typeof search>) =>
      void navigate({ search: (before) => ({ ...before, page: undefined, ...patch }), replace: true }),
    [navigate],
  );
  const onSearch = useCallback((text: string) => change({ search: text || undefined }), [change]);
  const add = () => void navigate({ to: "/console/$slug/user-groups/new", params: { slug: org.slug } });
  const open = (group: UserGroup) =>
    void navigate({
      to: "/console/$slug/user-groups/$groupId",
      params: { slug: org.slug, groupId: group.id },
      search: {},
    });
  return (
    <Page
      title="User Groups"
      count={groups.data?.total}
      actions={
        <Button leftSection={<IconPlus size={16} aria-hidden />} onClick={add}>
          Add user group
        </Button>
      }
    >
      {groups.data?.total === 0 && !filtered ? (
        <Empty
          icon={<IconUsersGroup size={24} />}
          title="No user groups yet"
          text="Groups decide who may open which application and who signs in where. A rule can keep them up to date by itself."
          action={<Button onClick={add}>Add the first user group</Button>}
        />
      ) : (
        <>
          <div className="tools">
            <SearchField label="Search user groups" value={search.search ?? ""} onChange={onSearch} delay_ms={200} />
            <FilterChip
              label="Membership"
              value={search.method}
              choices={[
                { value: "STATIC", label: "Static" },
                { value: "DYNAMIC_AUTOMATED", label: "Dynamic" },
              ]}
              onChange={(method) => change({ method })}
            />
          </div>
          <Failure error={groups.error} retry={() => void groups.refetch()} />
          <DataTable<UserGroup>
            label="User Groups"
            rows={groups.data?.items}
            id={(group) => group.id}
            open={open}
            empty="No group matches. Clear the search or the filter to see more."
            columns={[
              {
                key: "name",
                label: "Name",
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
              {
                key: "description",
                label: "Description",
                render: (group) => <span className="cut">{group.description}</span>,
              },
              {
                key: "method",
                label: "Membership",
                kind: "tight",
                render: (group) =>
                  group.membershipMethod === "DYNAMIC_AUTOMATED" ? (
                    <Status tone="info">Dynamic</Status>
                  ) : (
                    <Status tone="muted">Static</Status>
                  ),
              },
              {
                key: "members",
                label: "Members",
                kind: "num",
                render: (group) => (group.memberCount ?? 0).toLocaleString(),
              },
            ]}
          />
          <Pager
            page={search.page ?? 0}
            size={GROUPS_PER_PAGE}
            total={groups.data?.total}
            onPage={(page) => change({ page: page || undefined })}
          />
        </>
      )}
    </Page>
  );
}
