import { useQuery } from "@tanstack/react-query";
import { Link } from "@tanstack/react-router";
import { applicationName, applicationsQuery } from "../../api/applications.ts";
import { allGroupsQuery } from "../../api/groups.ts";
import { useOrg } from "../../api/org.tsx";
import type { GraphPath, User } from "../../api/types.ts";
import { userApplicationsQuery } from "../../api/users.ts";
import { DataTable } from "../../ui/DataTable.tsx";
import { Logo } from "../../ui/Logo.tsx";
import { Failure } from "../../ui/Note.tsx";
import { Status } from "../../ui/Status.tsx";

/** The applications that a person may open, and through which group. */
export function UserApplications({ user }: { user: User }) {
  const { api, org } = useOrg();
  const mine = useQuery(userApplicationsQuery(api, user._id));
  const applications = useQuery(applicationsQuery(api));
  const groups = useQuery(allGroupsQuery(api));
  const byId = new Map(applications.data?.map((one) => [one._id, one]));
  const groupNames = new Map(groups.data?.map((one) => [one.id, one.name]));
  const through = (edge: GraphPath) => {
    const names = (edge.paths ?? [])
      .flatMap((path) => path.filter((hop) => hop.to?.type === "user_group"))
      .map((hop) => groupNames.get(hop.to.id) ?? hop.to.id);
    return [...new Set(names)].join(", ") || "Bound directly";
  };
  const ready = mine.data && applications.data;
  return (
    <div className="tab-body">
      <Failure error={mine.error ?? applications.error} retry={() => void mine.refetch()} />
      <DataTable<GraphPath>
        label="SSO Applications of this user"
        expected={3}
        rows={ready ? mine.data : undefined}
        id={(edge) => edge.id}
        empty="No application yet. Bind one to a user group that this person is in."
        columns={[
          {
            key: "name",
            label: "Application",
            kind: "lead",
            render: (edge) => {
              const application = byId.get(edge.id);
              const name = application ? applicationName(application) : edge.id;
              return (
                <Link
                  className="table__main"
                  to="/console/$slug/sso-applications/$applicationId"
                  params={{ slug: org.slug, applicationId: edge.id }}
                  style={{ display: "inline-flex", alignItems: "center", gap: 10 }}
                >
                  <Logo url={application?.logo?.url} name={name} size={26} /> {name}
                </Link>
              );
            },
          },
          { key: "via", label: "Through", render: through },
          {
            key: "active",
            label: "State",
            kind: "tight",
            render: (edge) =>
              byId.get(edge.id)?.active ? <Status tone="ok">Active</Status> : <Status tone="muted">Not active</Status>,
          },
        ]}
      />
    </div>
  );
}
