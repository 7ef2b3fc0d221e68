import { useQuery } from "@tanstack/react-query";
import { applicationName, applicationsQuery, kindOf } from "../../api/applications.ts";
import { useOrg } from "../../api/org.tsx";
import { Failure } from "../../ui/Note.tsx";
import { PickList } from "../../ui/PickList.tsx";

interface GroupApplicationsProps {
  bound: string[];
  onChange: (bound: string[]) => void;
}

/** Which applications the members of this group may open. The same bindings as on an application's User Groups tab. */
export function GroupApplications({ bound, onChange }: GroupApplicationsProps) {
  const { api } = useOrg();
  const applications = useQuery(applicationsQuery(api));
  return (
    <div className="tab-body">
      <Failure error={applications.error} retry={() => void applications.refetch()} />
      <PickList
        label="Applications"
        searchLabel="Search applications"
        choices={applications.data?.map((one) => ({
          id: one._id,
          name: applicationName(one),
          aside: one.active || kindOf(one) === "scim" ? undefined : "Not active",
        }))}
        picked={new Set(bound)}
        onChange={(picked) => onChange(inOrder(bound, picked))}
        empty="No applications yet. Add one under SSO Applications."
      />
    </div>
  );
}

/** Keeps the saved order, so that ticking and unticking again is no change. */
export function inOrder(saved: string[], picked: Set<string>): string[] {
  return [...saved.filter((id) => picked.has(id)), ...[...picked].filter((id) => !saved.includes(id))];
}
