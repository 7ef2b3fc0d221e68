import { Skeleton } from "@mantine/core";
import { useQuery } from "@tanstack/react-query";
import { Link } from "@tanstack/react-router";
import { useOrg } from "../../api/org.tsx";
import { userCountQuery } from "../../api/users.ts";
import { shares } from "./people.ts";

/** How many people there are, and how many of them can sign in. */
export function People() {
  const { api, org } = useOrg();
  const params = { slug: org.slug };
  const total = useQuery(userCountQuery(api, {})).data;
  const staged = useQuery(userCountQuery(api, { state: "STAGED" })).data;
  const suspended = useQuery(userCountQuery(api, { state: "SUSPENDED" })).data;
  const pending = useQuery(userCountQuery(api, { state: "ACTIVATED", status: "Password Pending" })).data;
  if (total === undefined || staged === undefined || suspended === undefined || pending === undefined) {
    return <Skeleton height={118} radius={8} />;
  }
  const parts = shares({ total, staged, suspended, pending });
  return (
    <div className="people">
      <Link to="/console/$slug/users" params={params} className="people__total">
        <span className="figure__number">{total.toLocaleString()}</span>
        <span className="figure__label">Users</span>
      </Link>
      <div className="people__parts">
        <div className="people__bar" aria-hidden>
          {parts.map((part) => (
            <span key={part.label} data-tone={part.tone} style={{ flexGrow: part.count }} />
          ))}
        </div>
        <ul className="people__legend" aria-label="Users by state">
          {parts.map((part) => (
            <li key={part.label}>
              <span className="people__dot" data-tone={part.tone} aria-hidden />
              <Link to="/console/$slug/users" params={params} search={part.search}>
                {part.label}
              </Link>
              <span className="m-num">{part.count.toLocaleString()}</span>
            </li>
          ))}
        </ul>
      </div>
    </div>
  );
}
