import { IconApps } from "@tabler/icons-react";
import { useQuery } from "@tanstack/react-query";
import { getRouteApi, Link, useNavigate } from "@tanstack/react-router";
import { useCallback } from "react";
import { applicationName, applicationsQuery, kindOf } from "../../api/applications.ts";
import { useOrg } from "../../api/org.tsx";
import type { Application } from "../../api/types.ts";
import { Button } from "../../ui/controls.tsx";
import { DataTable } from "../../ui/DataTable.tsx";
import { Empty } from "../../ui/Empty.tsx";
import { FilterChip } from "../../ui/FilterChip.tsx";
import { Logo } from "../../ui/Logo.tsx";
import { Failure } from "../../ui/Note.tsx";
import { Page } from "../../ui/Page.tsx";
import { SearchField } from "../../ui/SearchField.tsx";
import { Status } from "../../ui/Status.tsx";
import { Ago } from "../../ui/time.tsx";
import "./applications.css";
import { accountChoices, accountsOf, fits, type ListFilter, signOnChoices, signOnOf } from "./listWords.ts";

const route = getRouteApi("/console/$slug/sso-applications");

export function ApplicationList() {
  const { api, org } = useOrg();
  const search = route.useSearch();
  const navigate = useNavigate({ from: "/console/$slug/sso-applications" });
  const applications = useQuery(applicationsQuery(api));
  const change = useCallback(
    (next: ListFilter) => void navigate({ search: (before) => ({ ...before, ...next }), replace: true }),
    [navigate],
  );
  const onSearch = useCallback((text: string) => change({ search: text || undefined }), [change]);
  const add = () => void navigate({ to: "/console/$slug/sso-applications/add", params: { slug: org.slug } });
  const found = applications.data?.filter((one) => fits(one, applicationName(one), search));
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
            <FilterChip
              label="Single sign-on"
              value={search.signOn}
              choices={signOnChoices}
              onChange={(signOn) => change({ signOn })}
            />
            <FilterChip
              label="Identity Management"
              value={search.accounts}
              choices={accountChoices}
              onChange={(accounts) => change({ accounts })}
            />
          </div>
          <Failure error={applications.error} retry={() => void applications.refetch()} />
          <div className="applications">
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
                  render: (one) => one.description && <span className="cut">{one.description}</span>,
                },
                {
                  key: "type",
                  label: "Single sign-on",
                  kind: "tight",
                  render: (one) => ({ oidc: "OIDC", saml: "SAML", scim: "None" })[kindOf(one)],
                },
                {
                  key: "accounts",
                  label: "Identity Management",
                  kind: "tight",
                  render: (one) => {
                    const of = accountsOf(one);
                    return of ? (
                      <Status tone={of.tone}>{of.label}</Status>
                    ) : (
                      <span className="table__sub">Not set up</span>
                    );
                  },
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
                  render: (one) => <Status tone={signOnOf(one).tone}>{signOnOf(one).label}</Status>,
                },
              ]}
            />
          </div>
        </>
      )}
    </Page>
  );
}
