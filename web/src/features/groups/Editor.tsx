import { IconCopy, IconTrash } from "@tabler/icons-react";
import { useMutation, useQuery } from "@tanstack/react-query";
import { Link, useNavigate } from "@tanstack/react-router";
import { useMemo, useRef, useState } from "react";
import { type GroupKind, previewGroup, vocabularyQuery } from "../../api/groups.ts";
import { useOrg } from "../../api/org.tsx";
import type { UserGroup } from "../../api/types.ts";
import { CopyId } from "../../ui/Copy.tsx";
import { Menu, TextInput } from "../../ui/controls.tsx";
import { useDraft, useLeaveGuard } from "../../ui/draft.ts";
import { Textarea } from "../../ui/fields/frequent.tsx";
import { Failure, fieldError, Note } from "../../ui/Note.tsx";
import { Page, Section } from "../../ui/Page.tsx";
import { LeaveDialog, SaveBar } from "../../ui/SaveBar.tsx";
import { Status } from "../../ui/Status.tsx";
import { PageTabs } from "../../ui/TabsPage.tsx";
import { CopyDialog } from "./CopyDialog.tsx";
import { draftOf, rowsOf, ruleOf, type Said, sameRule } from "./form.ts";
import { GroupApplications } from "./GroupApplications.tsx";
import { kinds, methodWords } from "./kinds.ts";
import { MembershipControls } from "./MembershipControls.tsx";
import { MembersTab } from "./MembersTab.tsx";
import { useDeleteGroup } from "./remove.tsx";
import { buildQuery, incomplete, problemsByRow } from "./rule.ts";
import { Suggestions } from "./Suggestions.tsx";
import { useSaveGroup } from "./save.ts";
import "./groups.css";
import { ActionsMenu } from "../../ui/ActionsMenu.tsx";

interface GroupEditorProps {
  kind: GroupKind;
  group?: UserGroup;
  bound?: string[];
  tab?: string;
}

const nothing: string[] = [];

/** A group, new or known: what it is called, who belongs to it, what it opens. */
export function GroupEditor({ kind, group, bound = nothing, tab }: GroupEditorProps) {
  const { api, org } = useOrg();
  const navigate = useNavigate();
  const vocabulary = useQuery(vocabularyQuery(api, kind)).data;
  const saved = useMemo(() => rowsOf(group), [group]);
  const kept = { ...draftOf(group, saved), bound };
  const edited = useDraft(kept);
  const said = useRef<Said>(new Map()).current;
  // The same rule in rows and as text is no change.
  const same = sameRule(kept, edited.value, vocabulary, said);
  const changes = edited.changes.filter((key) => !(same && (key === "rows" || key === "text")));
  const draft = { ...edited, changes, dirty: changes.length > 0 };
  const words = kinds[kind];
  const [copying, setCopying] = useState(false);
  const { rows } = draft.value;
  const guard = useLeaveGuard(draft.dirty);
  const [newTab, setNewTab] = useState("details");
  const [nameProblem, setNameProblem] = useState<string>();
  const [missing, setMissing] = useState(new Map<number, string>());
  const built = useMemo(() => buildQuery(rows, vocabulary?.operators ?? []), [rows, vocabulary]);
  const preview = useMutation({
    mutationFn: () => previewGroup(api, group?.id, ruleOf(draft.value, vocabulary), kind),
  });
  const remove = useDeleteGroup(kind, group, () => guard.allow());
  const save = useSaveGroup({
    kind,
    group,
    draft,
    vocabulary,
    bound,
    onSaved: (id) => {
      preview.reset();
      if (group) return;
      guard.allow();
      void navigate({
        to: words.details,
        params: { slug: org.slug, groupId: id },
        search: newTab === "details" ? {} : { tab: newTab },
      });
    },
  });

  const complete = () => {
    const found =
      draft.value.dynamic && draft.value.text === null
        ? incomplete(rows, vocabulary?.operators ?? [])
        : new Map<number, string>();
    setMissing(found);
    return found.size === 0;
  };
  const submit = () => {
    const unnamed = draft.value.name.trim() === "";
    setNameProblem(unnamed ? "Enter a name." : undefined);
    if (!complete() || unnamed) return;
    save.mutate();
  };
  const cancel = () => {
    if (!group) return void navigate({ to: words.list, params: { slug: org.slug } });
    draft.reset();
    save.reset();
    preview.reset();
    setMissing(new Map());
    setNameProblem(undefined);
  };
  const go = (to: string) => {
    if (!group) return setNewTab(to);
    void navigate({
      to: words.details,
      params: { slug: org.slug, groupId: group.id },
      search: { tab: to === "details" ? undefined : to },
      replace: true,
    });
  };
  const method = methodWords[group?.membershipMethod ?? "STATIC"] ?? { label: "Static", tone: "muted" as const };
  const waiting = group?.suggestionCounts.total ?? 0;
  const told = problemsByRow(preview.data?.problems ?? fieldProblems(save.error), built.places);
  for (const [key, message] of missing) told.rows.set(key, [message]);

  const keeper = group?.directoryProvider ?? null;

  const details = () => (
    <form
      noValidate
      onSubmit={(event) => {
        event.preventDefault();
        submit();
      }}
    >
      <Section title="Group Configuration">
        <div className="fields">
          <TextInput
            className="m-required span2"
            label="Name"
            value={draft.value.name}
            maxLength={255}
            autoComplete="off"
            readOnly={keeper !== null}
            description={keeper && `From ${keeper.name}`}
            inputWrapperOrder={["label", "input", "description", "error"]}
            error={nameProblem ?? fieldError(save.error, "name")}
            onChange={(event) => draft.set({ name: event.currentTarget.value })}
          />
          <Textarea
            className="span2"
            label="Description"
            value={draft.value.description}
            maxLength={1024}
            error={fieldError(save.error, "description")}
            onChange={(event) => draft.set({ description: event.currentTarget.value })}
          />
        </div>
      </Section>
      {keeper ? (
        <Section title="Membership Controls">
          <p style={{ margin: 0 }}>Members come from {keeper.name}: add and remove them there.</p>
        </Section>
      ) : (
        <MembershipControls
          kind={kind}
          group={group}
          draft={draft.value}
          said={said}
          set={(patch) => {
            draft.set(patch);
            if (patch.rows) setMissing(new Map());
          }}
          problems={told.rows}
          others={told.others.filter((one) => one.path !== "name" && one.path !== "description")}
          preview={preview}
          onPreview={() => complete() && preview.mutate()}
        />
      )}
      <button type="submit" hidden tabIndex={-1} aria-hidden="true" />
    </form>
  );
  return (
    <Page
      title={group ? group.name : `New ${words.one}`}
      back={{ label: words.title, to: words.list, params: { slug: org.slug } }}
      state={
        group && (
          <>
            {keeper ? (
              <Status tone="info">{`From ${keeper.name}`}</Status>
            ) : (
              <Status tone={method.tone}>{method.label}</Status>
            )}
            {group.memberUpdate && <Status tone="info">{`Updating: ${percent(group.memberUpdate)} %`}</Status>}
            {(group.memberQueryErrorFlags.length ?? 0) > 0 && <Status tone="bad">Rule has a fault</Status>}
          </>
        )
      }
      under={
        group && (
          <>
            {group.memberCount === 1 ? "1 member" : `${(group.memberCount ?? 0).toLocaleString()} members`}{" "}
            <CopyId id={group.id} />
          </>
        )
      }
      actions={
        group && (
          <ActionsMenu>
            <Menu.Item leftSection={<IconCopy size={16} aria-hidden />} onClick={() => setCopying(true)}>
              Copy
            </Menu.Item>
            {!keeper && (
              <Menu.Item color="var(--m-bad)" leftSection={<IconTrash size={16} aria-hidden />} onClick={remove}>
                Delete
              </Menu.Item>
            )}
          </ActionsMenu>
        )
      }
    >
      <Failure
        error={save.error}
        known={["name", "description", "memberQuery", "excludeQuery", "memberGroups", "memberQueryExemptions"]}
      />
      {keeper && <KeptNote keeper={keeper} />}
      {group && group.memberQueryErrorFlags.length > 0 && (
        <Note tone="bad">
          The rule speaks of a group that is not there any more ({group.memberQueryErrorFlags.join(", ")}). Until it is
          mended the group holds its members as they were.
        </Note>
      )}
      <PageTabs
        label="Parts of this group"
        value={group ? tab : newTab}
        onChange={go}
        tabs={[
          { value: "details", label: "Details", content: details },
          ...(group
            ? [{ value: "users", label: words.members, content: () => <MembersTab group={group} kind={kind} /> }]
            : []),
          ...(kind === "user"
            ? [
                {
                  value: "applications",
                  label: "Applications",
                  content: () => (
                    <GroupApplications bound={draft.value.bound} onChange={(next) => draft.set({ bound: next })} />
                  ),
                },
              ]
            : []),
          ...(group?.membershipMethod === "DYNAMIC_REVIEW_REQUIRED"
            ? [
                {
                  value: "suggestions",
                  label: waiting > 0 ? `Suggestions (${waiting})` : "Suggestions",
                  content: () => <Suggestions group={group} kind={kind} />,
                },
              ]
            : []),
        ]}
      />
      <SaveBar
        always={!group}
        changes={draft.changes.length}
        text={group ? undefined : "The new group is not saved yet"}
        label="Save Group"
        saving={save.isPending}
        onSave={submit}
        onCancel={cancel}
      />
      <LeaveDialog guard={guard} />
      {copying && group && <CopyDialog group={group} kind={kind} onClose={() => setCopying(false)} />}
    </Page>
  );
}

/** Why a group that a directory keeps is read-only here, and what is not. */
function KeptNote({ keeper }: { keeper: { id: string; name: string } }) {
  const { org } = useOrg();
  return (
    <Note tone="info">
      The directory{" "}
      <Link
        to="/console/$slug/scim-provisioning/$directoryId"
        params={{ slug: org.slug, directoryId: keeper.id }}
        search={{}}
      >
        {keeper.name}
      </Link>{" "}
      keeps this group: its name, its members and its end are decided there. Its description and its applications are
      yours.
    </Note>
  );
}

const percent = (of: { done: number; total: number }) => Math.floor((100 * of.done) / Math.max(1, of.total));

function fieldProblems(error: unknown): { path: string; message: string }[] {
  const fields = (error as { fields?: { field: string; message: string }[] } | null)?.fields ?? [];
  return fields.map(({ field, message }) => ({ path: field, message }));
}
