import { IconUsers, IconUsersGroup } from "@tabler/icons-react";
import { useQuery } from "@tanstack/react-query";
import { Link } from "@tanstack/react-router";
import { useCallback, useState } from "react";
import { CAME_PER_PAGE, cameQuery } from "../../api/directoryProviders.ts";
import { useOrg } from "../../api/org.tsx";
import type { DirectoryObject, DirectoryProvider } from "../../api/types.ts";
import { type Column, DataTable } from "../../ui/DataTable.tsx";
import { Empty } from "../../ui/Empty.tsx";
import { Failure } from "../../ui/Note.tsx";
import { Pager } from "../../ui/Pager.tsx";
import { SearchField } from "../../ui/SearchField.tsx";
import { Status } from "../../ui/Status.tsx";
import { Ago } from "../../ui/time.tsx";

/** What came from a directory, to verify that it works. */
export function Came({ provider, what }: { provider: DirectoryProvider; what: "users" | "groups" }) {
  const { api, org } = useOrg();
  const [search, setSearch] = useState("");
  const [page, setPage] = useState(0);
  const came = useQuery(cameQuery(api, provider.id, what, search, page));
  const onSearch = useCallback((text: string) => {
    setSearch(text);
    setPage(0);
  }, []);
  if (came.data?.total === 0 && search === "") {
    return (
      <div className="tab-body">
        <Empty
          icon={what === "users" ? <IconUsers size={24} /> : <IconUsersGroup size={24} />}
          title={`No ${what} have come yet`}
          text={
            provider.read
              ? "Enter where the directory is under Connection, look at the plan under Imports, then import."
              : provider.lastRequestAt
                ? `The directory is connected, and has sent no ${what}. Assign some to the application there.`
                : "Enter the Endpoint and the Bearer Token in the directory, then assign people and groups there."
          }
        />
      </div>
    );
  }
  const params = { slug: org.slug };
  const users: Column<DirectoryObject>[] = [
    {
      key: "name",
      label: "User",
      kind: "lead",
      render: (one) => (
        <Link className="table__main" to="/console/$slug/users/$userId" params={{ ...params, userId: one.id }}>
          {one.displayName || one.userName}
          <span className="table__sub">{one.email}</span>
        </Link>
      ),
    },
    { key: "userName", label: "Username", render: (one) => one.userName },
    {
      key: "active",
      label: "State",
      kind: "tight",
      render: (one) => (
        <Status tone={one.active === false ? "muted" : "ok"}>{one.active === false ? "Inactive" : "Active"}</Status>
      ),
    },
  ];
  const groups: Column<DirectoryObject>[] = [
    {
      key: "name",
      label: "Group",
      kind: "lead",
      render: (one) => (
        <Link className="table__main" to="/console/$slug/user-groups/$groupId" params={{ ...params, groupId: one.id }}>
          {one.displayName}
        </Link>
      ),
    },
    { key: "members", label: "Members", kind: "num", render: (one) => (one.memberCount ?? 0).toLocaleString() },
  ];
  return (
    <div className="tab-body">
      <div className="tools">
        <SearchField label={`Search ${what}`} value={search} onChange={onSearch} delay_ms={200} />
      </div>
      <Failure error={came.error} retry={() => void came.refetch()} />
      <DataTable<DirectoryObject>
        label={what === "users" ? "Users from this directory" : "Groups from this directory"}
        expected={5}
        rows={came.data?.items}
        id={(one) => one.id}
        empty="Nothing matches."
        columns={[
          ...(what === "users" ? users : groups),
          {
            key: "externalId",
            label: "Id there",
            render: (one) =>
              one.externalId && (
                <span className="cut m-mono" title={one.externalId}>
                  {one.externalId}
                </span>
              ),
          },
          { key: "created", label: "Came", kind: "tight", render: (one) => <Ago at={one.createdAt} /> },
          { key: "updated", label: "Changed", kind: "tight", render: (one) => <Ago at={one.updatedAt} /> },
        ]}
      />
      <Pager page={page} size={CAME_PER_PAGE} total={came.data?.total} onPage={setPage} />
    </div>
  );
}
