import { Button, Menu, Textarea, TextInput } from "@mantine/core";
import { IconDots, IconTrash } from "@tabler/icons-react";
import { useMutation, useQuery } from "@tanstack/react-query";
import { useNavigate } from "@tanstack/react-router";
import { useMemo, useState } from "react";
import { previewGroup, vocabularyQuery } from "../../api/groups.ts";
import { useOrg } from "../../api/org.tsx";
import type { UserGroup } from "../../api/types.ts";
import { CopyId } from "../../ui/Copy.tsx";
import { useDraft, useLeaveGuard } from "../../ui/draft.ts";
import { Failure, fieldError } from "../../ui/Note.tsx";
import { Page, Section } from "../../ui/Page.tsx";
import { LeaveDialog, SaveBar } from "../../ui/SaveBar.tsx";
import { Status } from "../../ui/Status.tsx";
import { PageTabs } from "../../ui/TabsPage.tsx";
import { draftOf, rowsOf, ruleOf } from "./form.ts";
import { GroupApplications } from "./GroupApplications.tsx";
import { MembershipControls } from "./MembershipControls.tsx";
import { MembersTab } from "./MembersTab.tsx";
import { useDeleteGroup } from "./remove.tsx";
import { buildQuery, emptyRow, incomplete, isBlank, problemsByRow } from "./rule.ts";
import { useSaveGroup } from "./save.ts";
import "./groups.css";

interface GroupEditorProps {
  group?: UserGroup;
  bound?: string[];
  tab?: string;
}

const nothing: string[] = [];

/** A user group, new or known: what it is called, who belongs to it, what it opens. */
export function GroupEditor({ group, bound = nothing, tab }: GroupEditorProps) {
  const { api, org } = useOrg();
  const navigate = useNavigate();
  const vocabulary = useQuery(vocabularyQuery(api)).data;
  const saved = useMemo(() => rowsOf(group), [group]);
  const draft = useDraft({ ...draftOf(group, saved ?? [emptyRow()]), bound });
  const { rows } = draft.value;
  const guard = useLeaveGuard(draft.dirty);
  const [newTab, setNewTab] = useState("details");
  const [nameProblem, setNameProblem] = useState<string>();
  const [missing, setMissing] = useState(new Map<number, string>());
  const built = useMemo(() => buildQuery(rows, vocabulary?.operators ?? []), [rows, vocabulary]);
  const preview = useMutation({
    mutationFn: () => previewGroup(api, group?.id, ruleOf(draft.value, vocabulary)),
  });
  const entangled = saved === null;
  const remove = useDeleteGroup(group, () => guard.allow());
  const save = useSaveGroup({
    group,
    draft,
    vocabulary,
    bound,
    keepRule: entangled && rows.every(isBlank),
    onSaved: (id) => {
      preview.reset();
      if (group) return;
      guard.allow();
      void navigate({
        to: "/console/$slug/user-groups/$groupId",
        params: { slug: org.slug, groupId: id },
        search: newTab === "details" ? {} : { tab: newTab },
      });
    },
  });

  const complete = () => {
    const found =
      draft.value.method === "DYNAMIC_AUTOMATED"
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
    if (!group) return void navigate({ to: "/console/$slug/user-groups", params: { slug: org.slug } });
    draft.reset();
    save.reset();
    preview.reset();
    setMissing(new Map());
    setNameProblem(undefined);
  };
  const go = (to: string) => {
    if (!group) return setNewTab(to);
    void navigate({
      to: "/console/$slug/user-groups/$groupId",
      params: { slug: org.slug, groupId: group.id },
      search: { tab: to === "details" ? undefined : to },
      replace: true,
    });
  };
  const told = problemsByRow(preview.data?.problems ?? fieldProblems(save.error), built.places);
  for (const [key, message] of missing) told.rows.set(key, [message]);

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
      <MembershipControls
        draft={draft.value}
        set={(patch) => {
          draft.set(patch);
          if (patch.rows) setMissing(new Map());
        }}
        problems={told.rows}
        others={told.others
          .filter((one) => one.path !== "name" && one.path !== "description")
          .map((one) => one.message)}
        preview={preview}
        onPreview={() => complete() && preview.mutate()}
        entangled={entangled}
        memberCount={group?.memberCount}
      />
      <button type="submit" hidden tabIndex={-1} aria-hidden="true" />
    </form>
  );
  return (
    <Page
      title={group ? group.name : "New user group"}
      back={{ label: "User Groups", to: "/console/$slug/user-groups", params: { slug: org.slug } }}
      state={
        group &&
        (group.membershipMethod === "DYNAMIC_AUTOMATED" ? (
          <Status tone="info">Dynamic</Status>
        ) : (
          <Status tone="muted">Static</Status>
        ))
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
          <Menu>
            <Menu.Target>
              <Button variant="default" rightSection={<IconDots size={16} aria-hidden />}>
                Actions
              </Button>
            </Menu.Target>
            <Menu.Dropdown>
              <Menu.Item color="var(--m-bad)" leftSection={<IconTrash size={16} aria-hidden />} onClick={remove}>
                Delete
              </Menu.Item>
            </Menu.Dropdown>
          </Menu>
        )
      }
    >
      <Failure error={save.error} known={["name", "description", "memberQuery", "memberQueryExemptions"]} />
      <PageTabs
        label="Parts of this group"
        value={group ? tab : newTab}
        onChange={go}
        tabs={[
          { value: "details", label: "Details", content: details },
          ...(group ? [{ value: "users", label: "Users", content: () => <MembersTab group={group} /> }] : []),
          {
            value: "applications",
            label: "Applications",
            content: () => (
              <GroupApplications bound={draft.value.bound} onChange={(next) => draft.set({ bound: next })} />
            ),
          },
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
    </Page>
  );
}

function fieldProblems(error: unknown): { path: string; message: string }[] {
  const fields = (error as { fields?: { field: string; message: string }[] } | null)?.fields ?? [];
  return fields.map(({ field, message }) => ({ path: field, message }));
}
