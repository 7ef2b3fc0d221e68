import { useQuery } from "@tanstack/react-query";
import { allGroupsQuery } from "../../api/groups.ts";
import { useOrg } from "../../api/org.tsx";
import { Failure, Note } from "../../ui/Note.tsx";
import { PickList } from "../../ui/PickList.tsx";
import { inOrder } from "../groups/GroupApplications.tsx";

interface ApplicationGroupsProps {
  saved: string[];
  bound: string[];
  onChange: (bound: string[]) => void;
  /** What it means that no group is bound. */
  nobody?: string;
}

/** Whose members may open the application. */
export function ApplicationGroups({
  saved,
  bound,
  onChange,
  nobody = "Nobody can open this application until a user group is bound to it.",
}: ApplicationGroupsProps) {
  const { api } = useOrg();
  const groups = useQuery(allGroupsQuery(api));
  const count = (group: { memberCount?: number }) =>
    group.memberCount === undefined ? undefined : group.memberCount === 1 ? "1 member" : `${group.memberCount} members`;
  const choices = groups.data
    ?.map((group) => ({ id: group.id, name: group.name, aside: count(group) }))
    .sort((a, b) => Number(saved.includes(b.id)) - Number(saved.includes(a.id)));
  return (
    <div className="tab-body">
      <Failure error={groups.error} retry={() => void groups.refetch()} />
      {bound.length === 0 && groups.data && <Note tone="info">{nobody}</Note>}
      <PickList
        label="User Groups"
        searchLabel="Search user groups"
        choices={choices}
        picked={new Set(bound)}
        onChange={(picked) => onChange(inOrder(saved, picked))}
        empty="No user groups yet. Add one under User Groups."
      />
    </div>
  );
}
