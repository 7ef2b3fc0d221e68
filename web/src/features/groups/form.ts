import type { RuleDraft } from "../../api/groups.ts";
import type { Exemption, MembershipMethod, RuleVocabulary, UserGroup, UserGroupWrite } from "../../api/types.ts";
import { buildQuery, emptyRow, parseQuery, type Row } from "./rule.ts";

export interface GroupDraft {
  name: string;
  description: string;
  method: MembershipMethod;
  rows: Row[];
  exemptions: Exemption[];
}

export function draftOf(group: UserGroup | undefined, rows: Row[]): GroupDraft {
  return {
    name: group?.name ?? "",
    description: group?.description ?? "",
    method: group?.membershipMethod === "DYNAMIC_AUTOMATED" ? "DYNAMIC_AUTOMATED" : "STATIC",
    rows,
    exemptions: group?.memberQueryExemptions ?? [],
  };
}

/** The rows of a saved rule, made once per answer so that their keys stay. Null: too entangled for rows. */
export function rowsOf(group: UserGroup | undefined): Row[] | null {
  const rows = parseQuery(group?.memberQuery);
  return rows?.length === 0 ? [emptyRow()] : rows;
}

export function ruleOf(draft: GroupDraft, vocabulary: RuleVocabulary | undefined): RuleDraft {
  if (draft.method === "STATIC") {
    return { membershipMethod: "STATIC", memberQuery: null, memberQueryExemptions: [] };
  }
  return {
    membershipMethod: "DYNAMIC_AUTOMATED",
    memberQuery: buildQuery(draft.rows, vocabulary?.operators ?? []).query,
    memberQueryExemptions: draft.exemptions,
  };
}

/** v2 PUT replaces, so the whole group is sent; `keep` is the rule that the rows cannot show. */
export function writeOf(
  draft: GroupDraft,
  group: UserGroup | undefined,
  vocabulary: RuleVocabulary | undefined,
  keep: boolean,
): UserGroupWrite {
  const rule = ruleOf(draft, vocabulary);
  if (keep && group && draft.method === "DYNAMIC_AUTOMATED") rule.memberQuery = group.memberQuery ?? null;
  return {
    name: draft.name.trim(),
    description: draft.description.trim(),
    ...(group && {
      email: group.email,
      attributes: group.attributes,
      memberSuggestionsNotify: group.memberSuggestionsNotify,
    }),
    ...rule,
  };
}
