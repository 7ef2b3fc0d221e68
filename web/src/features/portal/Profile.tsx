import { TextInput, Title } from "@mantine/core";
import { useMutation, useQueryClient } from "@tanstack/react-query";
import { useState } from "react";
import { meQuery, updateMe, usePortal } from "../../api/portal.ts";
import { AddressRows } from "../../ui/AddressRows.tsx";
import { useDraft, useLeaveGuard } from "../../ui/draft.ts";
import { focusFirstError } from "../../ui/focus.ts";
import { useLeft } from "../../ui/leave.ts";
import { Failure, fieldError, Note } from "../../ui/Note.tsx";
import { done } from "../../ui/notify.ts";
import { Page, Section } from "../../ui/Page.tsx";
import { PhoneRows } from "../../ui/PhoneRows.tsx";
import { LeaveDialog, SaveBar } from "../../ui/SaveBar.tsx";
import { draftOf, knownFields, type ProfileDraft, problemsOf, writeOf } from "./profileForm.ts";

type TextName = Exclude<keyof ProfileDraft, "phoneNumbers" | "addresses">;

export function PortalProfile() {
  const { api, slug, me } = usePortal();
  const client = useQueryClient();
  const draft = useDraft(draftOf(me.user));
  const guard = useLeaveGuard(draft.dirty);
  const left = useLeft();
  const [tried, setTried] = useState(false);
  const problems = problemsOf(draft.value);
  const forget = () => {
    draft.reset();
    left.forget();
    setTried(false);
  };
  const save = useMutation({
    mutationFn: () => updateMe(api, writeOf(draft.value, draft.changes)),
    onSuccess: async () => {
      await client.invalidateQueries({ queryKey: meQuery(slug).queryKey });
      forget();
      done("Your profile is saved.");
    },
    onError: focusFirstError,
  });
  const submit = () => {
    setTried(true);
    if (Object.keys(problems).length > 0) focusFirstError();
    else if (draft.dirty) save.mutate();
  };
  const error = (name: string) =>
    (tried || left.has(name) ? problems[name] : undefined) ?? fieldError(save.error, name);
  const locked = !me.canEditProfile;
  const field = (name: TextName, label: string, fill: string, extra: object = {}) => (
    <TextInput
      label={label}
      autoComplete={fill}
      value={draft.value[name]}
      maxLength={1024}
      disabled={locked}
      error={error(name)}
      onBlur={() => left.leave(name)}
      onChange={(event) => draft.set({ [name]: event.currentTarget.value })}
      {...extra}
    />
  );
  return (
    <Page title="My profile">
      <Failure error={save.error} known={knownFields} />
      {locked && <Note tone="info">Your profile is kept by the administrators of {me.organization.displayName}.</Note>}
      <form
        noValidate
        onSubmit={(event) => {
          event.preventDefault();
          submit();
        }}
      >
        <Section title="Name" help="How you are called in applications and by your colleagues.">
          <div className="fields">
            {field("firstname", "First Name", "given-name")}
            {field("lastname", "Last Name", "family-name")}
            {field("displayname", "Display Name", "nickname")}
          </div>
        </Section>
        <Section title="Contact" help="How you can be reached beside your company e-mail.">
          <div className="fields">
            {field("alternateEmail", "Alternate Email", "email", { inputMode: "email", spellCheck: false })}
          </div>
          <Title order={3} mt={20} mb={8}>
            Phone Numbers
          </Title>
          <PhoneRows
            own
            rows={draft.value.phoneNumbers}
            disabled={locked}
            error={error}
            onLeave={left.leave}
            onChange={(phoneNumbers) => draft.set({ phoneNumbers })}
          />
        </Section>
        <Section title="Addresses" help="Where you work or live.">
          <AddressRows
            own
            rows={draft.value.addresses}
            disabled={locked}
            error={error}
            onChange={(addresses) => draft.set({ addresses })}
          />
        </Section>
        <button type="submit" hidden tabIndex={-1} aria-hidden="true" />
      </form>
      <Account />
      <SaveBar
        changes={draft.changes.length}
        label="Save"
        saving={save.isPending}
        onSave={submit}
        onCancel={() => {
          forget();
          save.reset();
        }}
      />
      <LeaveDialog guard={guard} />
    </Page>
  );
}

function Account() {
  const { me } = usePortal();
  const shown: [string, string | undefined][] = [
    ["Username", me.user.username],
    ["Email", me.user.email],
    ["Middle name", me.user.middlename],
    ["Job title", me.user.jobTitle],
    ["Department", me.user.department],
    ["Location", me.user.location],
  ];
  return (
    <Section title="Account" help="Only an administrator can change these.">
      <dl className="facts">
        {shown
          .filter(([, value]) => value)
          .flatMap(([label, value]) => [<dt key={`${label} name`}>{label}</dt>, <dd key={label}>{value}</dd>])}
      </dl>
    </Section>
  );
}
