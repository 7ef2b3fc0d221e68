import { SegmentedControl, Skeleton, Stack, Text } from "@mantine/core";
import { useDebouncedValue } from "@mantine/hooks";
import type { UseMutationResult } from "@tanstack/react-query";
import { useMutation, useQuery } from "@tanstack/react-query";
import { allGroupsQuery, type GroupKind, readExpression, ruleCountQuery, vocabularyQuery } from "../../api/groups.ts";
import { useOrg } from "../../api/org.tsx";
import type { Preview, UserGroup } from "../../api/types.ts";
import { Button, Checkbox } from "../../ui/controls.tsx";
import { Radio } from "../../ui/fields/frequent.tsx";
import { MultiSelect } from "../../ui/fields/MultiSelect.tsx";
import { Failure, Note } from "../../ui/Note.tsx";
import { failed } from "../../ui/notify.ts";
import { Section } from "../../ui/Page.tsx";
import { Exemptions } from "./Exemptions.tsx";
import { type GroupDraft, ruleOf, type Said } from "./form.ts";
import { kinds } from "./kinds.ts";
import { PreviewResult } from "./PreviewResult.tsx";
import { RuleRows } from "./RuleRows.tsx";
import { RuleText } from "./RuleText.tsx";
import { buildQuery, emptyRow, incomplete, isBlank, parseQuery } from "./rule.ts";

interface MembershipControlsProps {
  kind: GroupKind;
  group: UserGroup | undefined;
  draft: GroupDraft;
  set: (patch: Partial<GroupDraft>) => void;
  /** The rules that texts were found to say, by text. */
  said: Said;
  problems: Map<number, string[]>;
  others: { path: string; message: string }[];
  preview: UseMutationResult<Preview, Error, void>;
  onPreview: () => void;
}

export function MembershipControls(props: MembershipControlsProps) {
  const { kind, group, draft, set, preview } = props;
  const { api } = useOrg();
  const words = kinds[kind];
  const vocabulary = useQuery(vocabularyQuery(api, kind));
  const users = useQuery(allGroupsQuery(api, "user"));
  const devices = useQuery(allGroupsQuery(api, "device"));
  const named = (all: UserGroup[] | undefined) => all?.map((one) => ({ value: one.id, label: one.name })) ?? [];
  const groups = { user: named(users.data), device: named(devices.data) };
  const others = groups[kind].filter((one) => one.value !== group?.id);
  const of = (name: string) => props.others.filter((one) => one.path.startsWith(name)).map((one) => one.message);
  const rest = props.others.filter((one) => !["memberQuery", "excludeQuery"].some((name) => one.path.startsWith(name)));
  const members = (
    <MultiSelect
      label="Member groups"
      description="Whoever is in one of these groups is in this group too."
      placeholder={draft.memberGroups.length === 0 ? "None" : undefined}
      searchable
      data={others}
      value={draft.memberGroups}
      error={of("memberGroups").join(" ") || undefined}
      maw={560}
      mt={24}
      nothingFoundMessage="No such group"
      onChange={(memberGroups) => set({ memberGroups })}
    />
  );
  return (
    <Section
      wide
      title="Membership Controls"
      help={`Static: you add and remove ${words.members.toLowerCase()}. Dynamic: a rule decides, at once and always.`}
    >
      <Radio.Group
        aria-label="Membership"
        value={draft.dynamic ? "dynamic" : "static"}
        onChange={(method) => set({ dynamic: method === "dynamic" })}
      >
        <Stack gap={10} mb={20}>
          <Radio value="static" label="Static" description="Members are added and removed by hand." />
          <Radio value="dynamic" label="Dynamic" description="Whoever meets the conditions is a member." />
        </Stack>
      </Radio.Group>
      {draft.dynamic && (
        <>
          <Checkbox
            label="Require administrative review of updates"
            description="The rule then only suggests: an administrator accepts or rejects each change under Suggestions."
            checked={draft.review}
            mb={draft.review ? 10 : 20}
            onChange={(event) => set({ review: event.currentTarget.checked })}
          />
          {group?.membershipMethod === "STATIC" && group.memberCount > 0 && !draft.review && (
            <Checkbox
              label="Keep the present members"
              description="Whoever the rule would put out stays in by an exemption, which you can lift one by one."
              checked={draft.keep}
              mb={20}
              onChange={(event) => set({ keep: event.currentTarget.checked })}
            />
          )}
          {draft.review && (
            <Checkbox
              label="Mail administrators when suggestions begin to wait"
              checked={draft.notify}
              mb={20}
              onChange={(event) => set({ notify: event.currentTarget.checked })}
            />
          )}
          <Failure error={vocabulary.error} retry={() => void vocabulary.refetch()} />
          {vocabulary.data ? (
            <Rule {...props} groups={groups} vocabulary={vocabulary.data} fault={of("memberQuery").join(" ")} />
          ) : (
            <Skeleton height={76} />
          )}
          <div style={{ marginTop: 24 }}>
            <RuleText
              kind={kind}
              label="Exclude rule"
              help={`Never add a ${words.member.toLowerCase()} for whom this holds, whatever the rule and the member groups say.`}
              placeholder={'description contains "admin"'}
              value={draft.exclude}
              optional
              error={of("excludeQuery").join(" ") || undefined}
              onChange={(exclude) => set({ exclude })}
            />
          </div>
          {members}
          {rest.length > 0 && (
            <div style={{ marginTop: 12 }}>
              <Note tone="bad">{rest.map((one) => one.message).join(" ")}</Note>
            </div>
          )}
          <Exemptions kind={kind} exemptions={draft.exemptions} onChange={(exemptions) => set({ exemptions })} />
          <div className="preview-line">
            <Button variant="default" loading={preview.isPending} onClick={props.onPreview}>
              Preview
            </Button>
            <LiveCount kind={kind} draft={draft} />
          </div>
          <Failure error={preview.error} known={["memberQuery", "excludeQuery", "memberQueryExemptions"]} />
          {preview.data && preview.data.problems.length === 0 && (
            <PreviewResult
              kind={kind}
              groupId={group?.id}
              rule={ruleOf(draft, vocabulary.data)}
              preview={preview.data}
            />
          )}
        </>
      )}
      {!draft.dynamic && (
        <>
          {members}
          {group && (
            <p className="section__help" style={{ marginTop: 16 }}>
              Add and remove {words.members.toLowerCase()} on the {words.members} tab.
            </p>
          )}
        </>
      )}
    </Section>
  );
}

interface RuleProps extends MembershipControlsProps {
  groups: Parameters<typeof RuleRows>[0]["groups"];
  vocabulary: Parameters<typeof RuleRows>[0]["vocabulary"];
  fault: string;
}

/** The rule as lines or as text: the same rule, to and fro. */
function Rule({ kind, draft, set, said, problems, groups, vocabulary, fault }: RuleProps) {
  const { api } = useOrg();
  const convert = useMutation({
    mutationFn: async (to: string) => {
      if (to === "text") {
        if (draft.rows.every(isBlank)) return set({ text: "" });
        const { query } = buildQuery(draft.rows, vocabulary.operators);
        const { expression } = await readExpression(api, kind, { memberQuery: query });
        said.set(expression, JSON.stringify(query));
        return set({ text: expression });
      }
      if (!draft.text?.trim()) return set({ text: null, rows: [emptyRow()] });
      const { memberQuery, faults } = await readExpression(api, kind, { expression: draft.text });
      const rows = parseQuery(memberQuery);
      if (!memberQuery || faults.length > 0) throw new Error("Mend the rule first: it cannot be read as it is.");
      if (!rows) throw new Error("Lines cannot show this rule: it nests groups of conditions or negates them.");
      said.set(draft.text, JSON.stringify(buildQuery(rows, vocabulary.operators).query));
      return set({ text: null, rows });
    },
    onError: failed,
  });
  const isText = draft.text !== null;
  const unfinished = !isText && incomplete(draft.rows, vocabulary.operators).size > 0;
  return (
    <>
      <SegmentedControl
        aria-label="How the rule is written"
        size="xs"
        mb={12}
        value={isText ? "text" : "rows"}
        data={[
          { value: "rows", label: "Conditions" },
          { value: "text", label: "Expression" },
        ]}
        onChange={(to) => (unfinished ? failed(new Error("Finish the conditions first.")) : convert.mutate(to))}
      />
      {isText ? (
        <RuleText
          kind={kind}
          label="Rule"
          help="Conditions joined by and, or and not, with parentheses; member of names groups."
          placeholder={'department equals "Sales" and not (jobTitle contains "intern")'}
          value={draft.text ?? ""}
          error={fault || undefined}
          onChange={(text) => set({ text })}
        />
      ) : (
        <>
          <RuleRows
            kind={kind}
            groups={groups}
            vocabulary={vocabulary}
            rows={draft.rows}
            onChange={(rows) => set({ rows })}
            problems={problems}
          />
          {fault && (
            <div style={{ marginTop: 12 }}>
              <Note tone="bad">{fault}</Note>
            </div>
          )}
        </>
      )}
    </>
  );
}

/** How many meet the rule, while it is being written: only the rule is asked, since the whole preview costs more. */
function LiveCount({ kind, draft }: { kind: GroupKind; draft: GroupDraft }) {
  const { api } = useOrg();
  const vocabulary = useQuery(vocabularyQuery(api, kind)).data;
  const { memberQuery, excludeQuery } = ruleOf(draft, vocabulary);
  const [asked] = useDebouncedValue(JSON.stringify({ memberQuery, excludeQuery }), 400);
  const said = draft.text === null ? draft.rows.some((row) => !isBlank(row)) : draft.text.trim() !== "";
  const complete = said && (draft.text !== null || incomplete(draft.rows, vocabulary?.operators ?? []).size === 0);
  const found = useQuery({ ...ruleCountQuery(api, kind, asked), enabled: complete && vocabulary !== undefined });
  if (!complete || !found.data || found.isError) return null;
  const { matches, population } = found.data;
  const apart = draft.memberGroups.length > 0 || draft.exemptions.length > 0;
  return (
    <Text size="sm" c="dimmed" aria-live="polite">
      {`${matches.toLocaleString()} of ${kinds[kind].count(population)} ${matches === 1 ? "meets" : "meet"} the rule`}
      {apart && " (member groups and exemptions apart)"}
    </Text>
  );
}
