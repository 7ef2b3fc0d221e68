import { Status } from "../../ui/Status.tsx";

const causes: Record<string, string> = {
  direct: "Added by hand",
  rule: "The group's rule",
  exemption: "Exemption",
  nested: "A member group",
};

/** Why someone is in a group. */
export function Via({ via }: { via: string }) {
  return <Status tone={via === "rule" ? "info" : "muted"}>{causes[via] ?? via}</Status>;
}
