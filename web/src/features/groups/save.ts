import { useMutation, useQueryClient } from "@tanstack/react-query";
import { bindGroup, createGroup, previewGroup, updateGroup } from "../../api/groups.ts";
import { useOrg } from "../../api/org.tsx";
import type { RuleVocabulary, UserGroup } from "../../api/types.ts";
import { useConfirm } from "../../ui/Confirm.tsx";
import type { Draft } from "../../ui/draft.ts";
import { done } from "../../ui/notify.ts";
import { difference } from "../../ui/PickList.tsx";
import { type GroupDraft, ruleOf, writeOf } from "./form.ts";

interface SaveGroup {
  group: UserGroup | undefined;
  draft: Draft<GroupDraft & { bound: string[] }>;
  vocabulary: RuleVocabulary | undefined;
  bound: string[];
  keepRule: boolean;
  onSaved: (id: string) => void;
}

const people = (count: number) => (count === 1 ? "1 person" : `${count} people`);

/** Saves a group and its applications together; asks first when people would lose their membership. */
export function useSaveGroup({ group, draft, vocabulary, bound, keepRule, onSaved }: SaveGroup) {
  const { api } = useOrg();
  const client = useQueryClient();
  const confirm = useConfirm();
  const ruleChanged = draft.changes.some((key) => key === "method" || key === "rows" || key === "exemptions");
  const details = draft.changes.some((key) => key !== "bound");

  const agreed = async (): Promise<boolean> => {
    const { method } = draft.value;
    if (group && ruleChanged && method === "DYNAMIC_AUTOMATED" && !keepRule) {
      const seen = await previewGroup(api, group.id, ruleOf(draft.value, vocabulary));
      if (seen.problems.length === 0 && seen.leaves > 0) {
        const joins = seen.joins > 0 ? ` ${people(seen.joins)} join.` : "";
        const opens = bound.length > 0 ? ` They lose what it opens: ${bound.length} applications at most.` : "";
        const yes = await confirm({
          title: "Save the new rule?",
          body: `${people(seen.leaves)} leave the group.${joins}${opens}`,
          confirm: "Save Group",
        });
        if (!yes) return false;
      }
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
      const body = writeOf(draft.value, group, vocabulary, keepRule);
      const saved = group ? (details ? await updateGroup(api, group.id, body) : group) : await createGroup(api, body);
      const { added, removed } = difference(new Set(bound), new Set(draft.value.bound));
      for (const id of added) await bindGroup(api, id, "add", saved.id);
      for (const id of removed) await bindGroup(api, id, "remove", saved.id);
      return saved;
    },
    onSuccess: async (saved) => {
      if (!saved) return;
      await Promise.all(
        ["groups", "group", "user", "application"].map((kind) =>
          client.invalidateQueries({ queryKey: [api.orgId, kind] }),
        ),
      );
      draft.reset();
      done(`User group ${saved.name} saved.`);
      onSaved(saved.id);
    },
  });
}
