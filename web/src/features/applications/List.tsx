import { Button } from "@mantine/core";
import { IconApps } from "@tabler/icons-react";
import { useQuery } from "@tanstack/react-query";
import { getRouteApi, Link, useNavigate } from "@tanstack/react-router";
import { useCallback } from "react";
import { applicationName, applicationsQuery, kindOf } from "../../api/applications.ts";
import { useOrg } from "../../api/org.tsx";
import type { Application } from "../../api/types.ts";
import { DataTable } from "../../ui/DataTable.tsx";
import { Empty } from "../../ui/Empty.tsx";
import { Logo } from "../../ui/Logo.tsx";
import { Failure } from "../../ui/Note.tsx";
import { Page } from "../../ui/Page.tsx";
import { SearchField } from "../../ui/SearchField.tsx";
import { Status } from "../../ui/Status.tsx";
import { Ago } from "../../ui/time.tsx";

const route = getRouteApi("/console/$slug/sso-applications");

export function ApplicationList() {
  const { api, org } = useOrg();
  const search = route.useSearch();
  const navigate = useNavigate({ from: "/console/$slug/sso-applications" });
  const applications = useQuery(applicationsQuery(api));
  const onSearch = useCallback(
    (text: string) => void navigate({ search: { search: text || undefined }, replace: true }),
    [navigate],
  );
  const add = () => void navigate({ to: "/console/$slug/sso-applications/add", params: { slug: org.slug } });
  const needle = (search.search ?? "").toLowerCase();
  const found = applications.data?.filter((one) => applicationName(one).toLowerCase().includes(needle));
  const empty = applications.data?.length === 0;
  return (
    <Page
      title="SSO Applications"
      actions={!empty && applications.data && <Button onClick={add}>+ Add New Application</Button>}
    >
      {empty ? (
        <Empty
          icon={<IconApps size={24} />}
          title="Sign people in to their applications"
          text="Add an application that speaks OpenID Connect, SAML or SCIM. The members of the user groups that you bind to it sign in with their Muster account, or get an account there."
          action={<Button onClick={add}>Get Started</Button>}
        />
      ) : (
        <>
          <h2 style={{ fontSize: 16, margin: "0 0 12px" }}>Configured Applications</h2>
          <div className="tools">
            <SearchField label="Search applications" value={search.search ?? ""} onChange={onSearch} />
          </div>
          <Failure error={applications.error} retry={() => void applications.refetch()} />
          <DataTable<Application>
            label="Configured Applications"
            rows={found}
            id={(one) => one._id}
            open={(one) =>
              void navigate({
                to: "/console/$slug/sso-applications/$applicationId",
                params: { slug: org.slug, applicationId: one._id },
                search: {},
              })
            }
            empty="No application matches."
            columns={[
              {
                key: "name",
                label: "Name",
                kind: "lead",
                render: (one) => (
                  <Link
                    className="table__main"
                    to="/console/$slug/sso-applications/$applicationId"
                    params={{ slug: org.slug, applicationId: one._id }}
                    style={{ display: "inline-flex", alignItems: "center", gap: 10 }}
                  >
                    <Logo url={one.logo?.url} name={applicationName(one)} size={28} />
                    <span className="cut">{applicationName(one)}</span>
                  </Link>
                ),
              },
              {
                key: "description",
                label: "Description",
                render: (one) => <span className="cut">{one.description}</span>,
              },
              {
                key: "type",
                label: "Single sign-on",
                kind: "tight",
                render: (one) => ({ oidc: "OIDC", saml: "SAML", scim: "None" })[kindOf(one)],
              },
              {
                key: "portal",
                label: "User Portal",
                kind: "tight",
                render: (one) => (one.sso.hidden || kindOf(one) === "scim" ? "Hidden" : "Shown"),
              },
              { key: "created", label: "Created", kind: "tight", render: (one) => <Ago at={one.created} /> },
              {
                key: "active",
                label: "State",
                kind: "tight",
                render: (one) =>
                  kindOf(one) === "scim" ? (
                    <Status tone="muted">Accounts only</Status>
                  ) : one.active ? (
                    <Status tone="ok">Active</Status>
                  ) : (
                    <Status tone="waiting">Not activated</Status>
                  ),
              },
            ]}
          />
        </>
      )}
    </Page>
  );
}
