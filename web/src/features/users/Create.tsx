import { useMutation, useQuery, useQueryClient } from "@tanstack/react-query";
import { useNavigate } from "@tanstack/react-router";
import { useState } from "react";
import { useOrg } from "../../api/org.tsx";
import { organizationQuery } from "../../api/settings.ts";
import { createUser } from "../../api/users.ts";
import { useDraft, useLeaveGuard } from "../../ui/draft.ts";
import { focusFirstError } from "../../ui/focus.ts";
import { useLeft } from "../../ui/leave.ts";
import { Failure, fieldError } from "../../ui/Note.tsx";
import { done } from "../../ui/notify.ts";
import { Page } from "../../ui/Page.tsx";
import { LeaveDialog, SaveBar } from "../../ui/SaveBar.tsx";
import { knownFields, newDraft, problemsOf, type UserDraft, writeOf } from "./form.ts";
import { type Link, LinkDialog } from "./LinkDialog.tsx";
import { UserForm } from "./UserForm.tsx";

const always: (keyof UserDraft)[] = ["authority", "state"];

export function UserCreate() {
  const { api, org } = useOrg();
  const navigate = useNavigate();
  const client = useQueryClient();
  const organization = useQuery(organizationQuery(api));
  const draft = useDraft(newDraft(organization.data?.settings));
  const guard = useLeaveGuard(draft.dirty);
  const [tried, setTried] = useState(false);
  const left = useLeft();
  const [made, setMade] = useState<{ id: string; link: Link } | null>(null);
  const problems = problemsOf(draft.value);
  const open = (userId: string) =>
    void navigate({ to: "/console/$slug/users/$userId", params: { slug: org.slug, userId } });

  const save = useMutation({
    mutationFn: () => createUser(api, writeOf(draft.value, [...draft.changes, ...always])),
    onSuccess: (user) => {
      guard.allow();
      void client.invalidateQueries({ queryKey: [api.orgId, "users"] });
      void client.invalidateQueries({ queryKey: [api.orgId, "groups"] });
      client.setQueryData([api.orgId, "user", user._id], user);
      done(`User ${user.username} saved.`);
      if (user.activationLink) {
        setMade({ id: user._id, link: { kind: "activation", url: user.activationLink, email: user.email } });
      } else open(user._id);
    },
    onError: focusFirstError,
  });
  const submit = () => {
    setTried(true);
    if (Object.keys(problems).length > 0) focusFirstError();
    else save.mutate();
  };
  const cancel = () => void navigate({ to: "/console/$slug/users", params: { slug: org.slug } });
  const errorOf = (name: string) =>
    (tried || left.has(name) ? problems[name] : undefined) ?? fieldError(save.error, name);
  return (
    <Page
      title="New user"
      back={{ label: "Users", to: "/console/$slug/users", params: { slug: org.slug } }}
      under="Only the username and the company e-mail are needed to start."
    >
      <form
        noValidate
        onSubmit={(event) => {
          event.preventDefault();
          submit();
        }}
      >
        <Failure error={save.error} known={knownFields} />
        <UserForm draft={draft.value} set={draft.set} error={errorOf} onLeave={left.leave} />
        <button type="submit" hidden tabIndex={-1} aria-hidden="true" />
      </form>
      <SaveBar
        always
        changes={draft.changes.length}
        text="The new user is not saved yet"
        label="save user"
        saving={save.isPending}
        onSave={submit}
        onCancel={cancel}
      />
      <LinkDialog link={made?.link ?? null} onClose={() => made && open(made.id)} />
      <LeaveDialog guard={guard} />
    </Page>
  );
}
