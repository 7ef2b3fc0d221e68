import { Skeleton } from "@mantine/core";
import { IconApps } from "@tabler/icons-react";
import { useQuery } from "@tanstack/react-query";
import { useState } from "react";
import { myApplicationsQuery, usePortal } from "../../api/portal.ts";
import { Empty } from "../../ui/Empty.tsx";
import { Logo } from "../../ui/Logo.tsx";
import { Failure } from "../../ui/Note.tsx";
import { Page } from "../../ui/Page.tsx";
import { SearchField } from "../../ui/SearchField.tsx";

export function PortalApplications() {
  const { api } = usePortal();
  const applications = useQuery(myApplicationsQuery(api));
  const [search, setSearch] = useState("");
  const needle = search.trim().toLowerCase();
  const found = applications.data?.filter((one) =>
    `${one.displayLabel} ${one.description}`.toLowerCase().includes(needle),
  );
  return (
    <Page title="Applications">
      <Failure error={applications.error} retry={() => void applications.refetch()} />
      {applications.data?.length === 0 ? (
        <Empty
          icon={<IconApps size={24} />}
          title="No applications yet"
          text="When an administrator gives you an application, it appears here."
        />
      ) : (
        <>
          <div className="tools">
            <SearchField label="Search applications" value={search} onChange={setSearch} />
          </div>
          <ul className="tiles" aria-label="Applications" aria-busy={applications.isPending}>
            {applications.isPending &&
              [0, 1, 2].map((tile) => (
                <li key={tile}>
                  <Skeleton height={74} radius={12} />
                </li>
              ))}
            {found?.map((one) => (
              <li key={one.id}>
                <a className="tile" href={one.url} target="_blank" rel="noopener noreferrer">
                  <Logo url={one.logoUrl} name={one.displayLabel} size={40} />
                  <span>
                    <span className="tile__name">{one.displayLabel}</span>
                    {one.description && <span className="table__sub">{one.description}</span>}
                  </span>
                </a>
              </li>
            ))}
          </ul>
          {found?.length === 0 && <p className="section__help">Nothing matches “{search}”.</p>}
        </>
      )}
    </Page>
  );
}
