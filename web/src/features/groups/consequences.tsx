import type { GroupKind } from "../../api/groups.ts";
import type { Preview } from "../../api/types.ts";
import type { Question } from "../../ui/Confirm.tsx";
import { kinds } from "./kinds.ts";
import { Effects } from "./PreviewResult.tsx";

/** What saving a rule does, before it is done. */
export function consequences(seen: Preview, kind: GroupKind) {
  const { count } = kinds[kind];
  const verb = (number: number, one: string, many: string) => (number === 1 ? one : many);
  return (
    <>
      <p style={{ marginTop: 0 }}>
        {seen.leaves > 0 && `${count(seen.leaves)} ${verb(seen.leaves, "leaves", "leave")} the group. `}
        {seen.joins > 0 && `${count(seen.joins)} ${verb(seen.joins, "joins", "join")}.`}
      </p>
      <Effects preview={seen} kind={kind} />
    </>
  );
}

/** The second question, where a great part of the organization moves. */
export function great(seen: Preview, kind: GroupKind): Question {
  const moved = seen.joins + seen.leaves;
  const share = Math.round((100 * moved) / Math.max(1, seen.population));
  return {
    title: `This concerns ${share} % of the organization`,
    body: `${kinds[kind].count(moved)} of ${seen.population.toLocaleString()} come or go at once. Is the rule what you mean?`,
    confirm: "Yes, save it",
    danger: true,
  };
}
