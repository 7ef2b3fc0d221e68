import { IconDevices, IconPlus, IconUsersGroup } from "@tabler/icons-react";
import { useQuery } from "@tanstack/react-query";
import { getRouteApi, Link, useNavigate } from "@tanstack/react-router";
import { useCallback } from "react";
import {
  GROUPS_PER_PAGE,
  type GroupKind,
  type GroupListParams,
  groupsQuery,
  membershipLagQuery,
} from "../../api/groups.ts";
import { useOrg } from "../../api/org.tsx";
import type { UserGroup } from "../../api/types.ts";
import { Button } from "../../ui/controls.tsx";
import { DataTable } from "../../ui/DataTable.tsx";
import { Empty } from "../../ui/Empty.tsx";
import { FilterChip } from "../../ui/FilterChip.tsx";
import { Failure } from "../../ui/Note.tsx";
import { Page } from "../../ui/Page.tsx";
import { Pager } from "../../ui/Pager.tsx";
import { SearchField } from "../../ui/SearchField.tsx";
import { Status } from "../../ui/Status.tsx";
import { kinds, methodWords } from "./kinds.ts";
import { lagWords } from "./lag.ts";
import "./groups.css";

const userGroups = getRouteApi("/console/$slug/user-groups");
const deviceGroups = getRouteApi("/console/$slug/device-groups");

export const GroupList = () => <Groups kind="user" search={userGroups.useSearch()} />;
export const DeviceGroupList = () => <Groups kind="device" search={deviceGroups.useSearch()} />;

function Groups({ kind, search }: { kind: GroupKind; search: GroupListParams }) {
  const { api, org } = useOrg();
  const words = kinds[kind];
  const navigate = useNavigate();
  const groups = useQuery(groupsQuery(api, search, kind));
  const filtered = Boolean(search.search || search.method);
  const change = useCallback(
    (patch: GroupListParams) =>
      void navigate({
        to: words.list,
        params: { slug: org.slug },
        search: (before: GroupListParams) => ({ ...before, page: undefined, ...patch }),
        replace: true,
      }),
    [navigate, words.list, org.slug],
  );
  const onSearch = useCallback((text: string) => change({ search: text || undefined }), [change]);
  const add = () => void navigate({ to: `${words.list}/new`, params: { slug: org.slug } });
  const open = (group: UserGroup) =>
    void navigate({
      to: words.details,
      params: { slug: org.slug, groupId: group.id },
      search: {},
    });
  return (
    <Page
      title={words.title}
      count={groups.data?.total}
      actions={
        <Button leftSection={<IconPlus size={16} aria-hidden />} onClick={add}>
          Add {words.one}
        </Button>
      }
    >
      {groups.data?.total === 0 && !filtered ? (
        <Empty
          icon={kind === "user" ? <IconUsersGroup size={24} /> : <IconDevices size={24} />}
          title={`No ${words.one}s yet`}
          text={
            kind === "user"
              ? "Groups decide who may open which application and who signs in where. A rule can keep them up to date by itself."
              : "Groups gather devices by what they are and whose they are. A rule can keep them up to date by itself."
          }
          action={<Button onClick={add}>Add the first {words.one}</Button>}
        />
      ) : (
        <>
          <div className="tools">
            <SearchField
              label={`Search ${words.one}s`}
              value={search.search ?? ""}
              onChange={onSearch}
              delay_ms={200}
            />
            <FilterChip
              label="Membership"
              value={search.method}
              choices={[
                { value: "STATIC", label: "Static" },
                { value: "DYNAMIC_AUTOMATED", label: "Dynamic" },
                { value: "DYNAMIC_REVIEW_REQUIRED", label: "Dynamic, reviewed" },
              ]}
              onChange={(method) => change({ method })}
            />
          </div>
          <Failure error={groups.error} retry={() => void groups.refetch()} />
          <DataTable<UserGroup>
            label={words.title}
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
                  <Link className="table__main" to={words.details} params={{ slug: org.slug, groupId: group.id }}>
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
                render: (group) => <Method group={group} />,
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
          <Lag />
        </>
      )}
    </Page>
  );
}

/** How long memberships took to follow what they follow from. */
function Lag() {
  const { api } = useOrg();
  const { data } = useQuery(membershipLagQuery(api));
  return <p className="section__help">{data && lagWords(data)}</p>;
}

/** How members come, and what waits or is wrong. */
function Method({ group }: { group: UserGroup }) {
  const words = methodWords[group.membershipMethod] ?? { label: group.membershipMethod, tone: "muted" as const };
  const waiting = group.suggestionCounts.total;
  return (
    <span className="statuses">
      {group.directoryProvider ? (
        <Status tone="info">{`From ${group.directoryProvider.name}`}</Status>
      ) : (
        <Status tone={words.tone}>{words.label}</Status>
      )}
      {waiting > 0 && <Status tone="warn">{`${waiting} to review`}</Status>}
      {group.memberUpdate && <Status tone="info">Updating</Status>}
      {group.memberQueryErrorFlags.length > 0 && <Status tone="bad">Rule has a fault</Status>}
    </span>
  );
}
