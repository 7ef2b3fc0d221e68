import { useMutation, useQueryClient } from "@tanstack/react-query";
import { bindGroup, createGroup, type GroupKind, previewGroup, updateGroup } from "../../api/groups.ts";
import { useOrg } from "../../api/org.tsx";
import type { RuleVocabulary, UserGroup } from "../../api/types.ts";
import { useConfirm } from "../../ui/Confirm.tsx";
import type { Draft } from "../../ui/draft.ts";
import { done } from "../../ui/notify.ts";
import { difference } from "../../ui/PickList.tsx";
import { consequences, great } from "./consequences.tsx";
import { type GroupDraft, keepsMembers, ruleOf, writeOf } from "./form.ts";
import { kinds } from "./kinds.ts";

interface SaveGroup {
  kind: GroupKind;
  group: UserGroup | undefined;
  draft: Draft<GroupDraft & { bound: string[] }>;
  vocabulary: RuleVocabulary | undefined;
  bound: string[];
  onSaved: (id: string) => void;
}

/** Saves a group and its applications together; asks first when people would lose their membership. */
export function useSaveGroup({ kind, group, draft, vocabulary, bound, onSaved }: SaveGroup) {
  const { api } = useOrg();
  const client = useQueryClient();
  const confirm = useConfirm();
  const people = kinds[kind].count;
  const deciding = ["dynamic", "review", "rows", "text", "exclude", "memberGroups", "exemptions"];
  const ruleChanged = draft.changes.some((key) => deciding.includes(key));
  const details = draft.changes.some((key) => key !== "bound");

  const agreed = async (): Promise<boolean> => {
    if (group && ruleChanged) {
      const seen = await previewGroup(api, group.id, ruleOf(draft.value, vocabulary), kind, { limit: 1 });
      // Those whom the rule would put out stay where members are kept.
      const leaves = keepsMembers(draft.value, group) ? 0 : seen.leaves;
      if (seen.problems.length === 0 && (leaves > 0 || seen.needsConfirmation)) {
        const yes = await confirm({
          title: "Save the new rule?",
          body: consequences({ ...seen, leaves }, kind),
          confirm: "Save Group",
        });
        if (!yes) return false;
        if (seen.needsConfirmation && !(await confirm(great({ ...seen, leaves }, kind)))) return false;
      }
    }
    if (!group && ruleChanged) {
      const seen = await previewGroup(api, undefined, ruleOf(draft.value, vocabulary), kind, { limit: 1 });
      if (seen.problems.length === 0 && seen.needsConfirmation && !(await confirm(great(seen, kind)))) return false;
    }
    const { removed } = difference(new Set(bound), new Set(draft.value.bound));
    if (group && removed.length > 0 && group.memberCount > 0) {
      const apps = removed.length === 1 ? "1 application" : `${removed.length} applications`;
      return confirm({
        title: `Take ${apps} away from this group?`,
        body: `${people(group.memberCount)} can no longer open ${removed.length === 1 ? "it" : "them"}, unless another group of theirs does.`,
        confirm: "Save Group",
        danger: true,
      });
    }
    return true;
  };

  return useMutation({
    mutationFn: async (): Promise<UserGroup | null> => {
      if (!(await agreed())) return null;
      // Whoever saves here has seen what it does, and was asked.
      const body = { ...writeOf(draft.value, group, vocabulary), confirmed: true };
      const saved = group
        ? details
          ? await updateGroup(api, group.id, body, kind)
          : group
        : await createGroup(api, body, kind);
      const { added, removed } = difference(new Set(bound), new Set(draft.value.bound));
      for (const id of added) await bindGroup(api, id, "add", saved.id);
      for (const id of removed) await bindGroup(api, id, "remove", saved.id);
      return saved;
    },
    onSuccess: async (saved) => {
      if (!saved) return;
      await Promise.all(
        ["groups", "group", "user", "application", "applications"].map((kind) =>
          client.invalidateQueries({ queryKey: [api.orgId, kind] }),
        ),
      );
      draft.reset();
      done(`${kind === "user" ? "User" : "Device"} group ${saved.name} saved.`);
      onSaved(saved.id);
    },
  });
}
