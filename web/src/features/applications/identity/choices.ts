// What can be decided about an object of a plan. Pure.

import type { ProvisionPlanItem } from "../../../api/types.ts";
import type { Choice } from "../../../ui/Decide.tsx";

/** A group is taken over by its name; of several accounts one is chosen; whoever would be made can be left out. */
export function choicesOf(one: Pick<ProvisionPlanItem, "kind" | "action" | "candidates">): Choice[] {
  const leave: Choice = { label: "Leave alone", decision: "leave" };
  if (one.kind === "group") {
    const asks = one.action === "adopt" && one.candidates.length > 0;
    if (asks) return [{ label: "Take the group there over", decision: "takeOver" }, leave];
    return one.action === "create" || one.action === "conflict" ? [leave] : [];
  }
  const chosen = one.candidates.map(
    ({ name, remoteId }): Choice => ({ label: `Take ${name} (${remoteId}) over`, decision: "takeOver", remoteId }),
  );
  return ["create", "adopt", "conflict"].includes(one.action) ? [...chosen, leave] : [];
}
