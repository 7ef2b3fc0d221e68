import type { GroupKind, RuleDraft } from "../../api/groups.ts";
import type { Exemption, RuleAsText, RuleVocabulary, UserGroup, UserGroupWrite } from "../../api/types.ts";
import { buildQuery, emptyRow, parseQuery, type Row } from "./rule.ts";

export interface GroupDraft {
  name: string;
  description: string;
  /** Whether a rule is asked. */
  dynamic: boolean;
  /** Whether an administrator decides about what the rule says. */
  review: boolean;
  /** Whether the members of a static group stay in, by exemptions, when the rule begins to decide. */
  keep: boolean;
  /** Whether administrators get mail when something is to be decided. */
  notify: boolean;
  rows: Row[];
  /** The rule as text, where it is written so; else it is the rows. */
  text: string | null;
  /** The rule of who is kept out, as text. */
  exclude: string;
  /** The groups whose members are members. */
  memberGroups: string[];
  exemptions: Exemption[];
}

export function draftOf(group: UserGroup | undefined, rows: Row[] | null): GroupDraft {
  const method = group?.membershipMethod ?? "STATIC";
  return {
    name: group?.name ?? "",
    description: group?.description ?? "",
    dynamic: method !== "STATIC",
    review: method === "DYNAMIC_REVIEW_REQUIRED",
    notify: group?.memberSuggestionsNotify ?? false,
    keep: false,
    rows: rows ?? [emptyRow()],
    // A rule that lines cannot show is shown as text.
    text: rows === null ? (group?.memberQueryText ?? "") : null,
    exclude: group?.excludeQueryText ?? "",
    memberGroups: group?.memberGroups ?? [],
    exemptions: group?.memberQueryExemptions ?? [],
  };
}

/** The rows of a saved rule, made once per answer so that their keys stay. Null: too entangled for rows. */
export function rowsOf(group: UserGroup | undefined): Row[] | null {
  const rows = parseQuery(group?.memberQuery);
  return rows?.length === 0 ? [emptyRow()] : rows;
}

/** What a text says, as rows: known once it was changed from one to the other. */
export type Said = Map<string, string>;

/** Whether two drafts say the same rule, be it in rows or as text. */
export function sameRule(
  one: GroupDraft,
  other: GroupDraft,
  vocabulary: RuleVocabulary | undefined,
  said: Said,
): boolean {
  const rule = (draft: GroupDraft) =>
    draft.text === null
      ? JSON.stringify(buildQuery(draft.rows, vocabulary?.operators ?? []).query)
      : (said.get(draft.text) ?? `text ${draft.text}`);
  return rule(one) === rule(other);
}

export const asText = (expression: string): RuleAsText => ({ queryType: "Expression", expression });

export function ruleOf(draft: GroupDraft, vocabulary: RuleVocabulary | undefined): RuleDraft {
  const nothing = { memberQuery: null, excludeQuery: null, memberQueryExemptions: [] };
  if (!draft.dynamic) return { membershipMethod: "STATIC", memberGroups: draft.memberGroups, ...nothing };
  return {
    membershipMethod: draft.review ? "DYNAMIC_REVIEW_REQUIRED" : "DYNAMIC_AUTOMATED",
    memberQuery: draft.text === null ? buildQuery(draft.rows, vocabulary?.operators ?? []).query : asText(draft.text),
    excludeQuery: draft.exclude.trim() ? asText(draft.exclude) : null,
    memberGroups: draft.memberGroups,
    memberQueryExemptions: draft.exemptions,
  };
}

/** v2 PUT replaces, so the whole group is sent. */
export function writeOf(
  draft: GroupDraft,
  group: UserGroup | undefined,
  vocabulary: RuleVocabulary | undefined,
): UserGroupWrite {
  return {
    name: draft.name.trim(),
    description: draft.description.trim(),
    ...(group && {
      email: group.email,
      attributes: group.attributes,
    }),
    memberSuggestionsNotify: draft.dynamic && draft.review && draft.notify,
    ...(keepsMembers(draft, group) && { keepMembers: true }),
    ...ruleOf(draft, vocabulary),
  };
}

/** Whether members by hand become exemptions with this save. */
export const keepsMembers = (draft: GroupDraft, group: UserGroup | undefined): boolean =>
  draft.keep && draft.dynamic && !draft.review && group?.membershipMethod === "STATIC";

export const exempted = (kind: GroupKind, id: string): Exemption => ({
  id,
  type: kind === "user" ? "USER" : "SYSTEM",
  mode: "in",
});
