import { Button, Radio, Skeleton, Stack } from "@mantine/core";
import type { UseMutationResult } from "@tanstack/react-query";
import { useQuery } from "@tanstack/react-query";
import { vocabularyQuery } from "../../api/groups.ts";
import { useOrg } from "../../api/org.tsx";
import type { MembershipMethod, Preview } from "../../api/types.ts";
import { Failure, Note } from "../../ui/Note.tsx";
import { Section } from "../../ui/Page.tsx";
import { Exemptions } from "./Exemptions.tsx";
import type { GroupDraft } from "./form.ts";
import { PreviewResult } from "./PreviewResult.tsx";
import { RuleRows } from "./RuleRows.tsx";

interface MembershipControlsProps {
  draft: GroupDraft;
  set: (patch: Partial<GroupDraft>) => void;
  problems: Map<number, string[]>;
  others: string[];
  preview: UseMutationResult<Preview, Error, void>;
  onPreview: () => void;
  /** The saved rule has a shape that rows cannot show. */
  entangled: boolean;
  memberCount: number | undefined;
}

export function MembershipControls(props: MembershipControlsProps) {
  const { draft, set, preview } = props;
  const { api } = useOrg();
  const vocabulary = useQuery(vocabularyQuery(api));
  const dynamic = draft.method === "DYNAMIC_AUTOMATED";
  return (
    <Section
      wide
      title="Membership Controls"
      help="Static: you add and remove people. Dynamic: a rule decides, at once and always."
    >
      <Radio.Group
        aria-label="Membership"
        value={draft.method}
        onChange={(method) => set({ method: method as MembershipMethod })}
      >
        <Stack gap={10} mb={20}>
          <Radio value="STATIC" label="Static" description="Members are added and removed by hand." />
          <Radio value="DYNAMIC_AUTOMATED" label="Dynamic" description="Whoever meets the conditions is a member." />
        </Stack>
      </Radio.Group>
      {dynamic && (
        <>
          <Failure error={vocabulary.error} retry={() => void vocabulary.refetch()} />
          {props.entangled && (
            <Note tone="info">
              This group's rule was written through the API in a form that has no equal as lines. It stays as it is
              unless you add conditions here, which replace it.
            </Note>
          )}
          {vocabulary.data ? (
            <RuleRows
              vocabulary={vocabulary.data}
              rows={draft.rows}
              onChange={(rows) => set({ rows })}
              problems={props.problems}
            />
          ) : (
            <Skeleton height={76} />
          )}
          {props.others.length > 0 && (
            <div style={{ marginTop: 12 }}>
              <Note tone="bad">{props.others.join(" ")}</Note>
            </div>
          )}
          <Exemptions exemptions={draft.exemptions} onChange={(exemptions) => set({ exemptions })} />
          <Button variant="default" mt={20} mb={16} loading={preview.isPending} onClick={props.onPreview}>
            Preview
          </Button>
          <Failure error={preview.error} known={["memberQuery", "memberQueryExemptions"]} />
          {preview.data && preview.data.problems.length === 0 && <PreviewResult preview={preview.data} />}
        </>
      )}
      {!dynamic && props.memberCount !== undefined && (
        <p className="section__help">Add and remove people on the Users tab.</p>
      )}
    </Section>
  );
}
