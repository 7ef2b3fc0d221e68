import { TextInput } from "@mantine/core";
import { useMutation, useQueryClient } from "@tanstack/react-query";
import { meQuery, updateMe, usePortal } from "../../api/portal.ts";
import type { Me } from "../../api/types.ts";
import { useDraft, useLeaveGuard } from "../../ui/draft.ts";
import { Failure, fieldError, Note } from "../../ui/Note.tsx";
import { done } from "../../ui/notify.ts";
import { Page, Section } from "../../ui/Page.tsx";
import { LeaveDialog, SaveBar } from "../../ui/SaveBar.tsx";

type Profile = Pick<Me["user"], "firstname" | "lastname" | "displayname">;

const fields: [keyof Profile, string][] = [
  ["firstname", "First Name"],
  ["lastname", "Last Name"],
  ["displayname", "Display Name"],
];

export function PortalProfile() {
  const { api, slug, me } = usePortal();
  const client = useQueryClient();
  const { firstname, lastname, displayname } = me.user;
  const draft = useDraft<Profile>({ firstname, lastname, displayname });
  const guard = useLeaveGuard(draft.dirty);
  const save = useMutation({
    mutationFn: () => updateMe(api, Object.fromEntries(draft.changes.map((key) => [key, draft.value[key].trim()]))),
    onSuccess: async () => {
      await client.invalidateQueries({ queryKey: meQuery(slug).queryKey });
      draft.reset();
      done("Your profile is saved.");
    },
  });
  const shown: [string, string | undefined][] = [
    ["Username", me.user.username],
    ["Email", me.user.email],
    ["Job title", me.user.jobTitle],
    ["Department", me.user.department],
    ["Location", me.user.location],
  ];
  return (
    <Page title="My profile">
      <Failure error={save.error} known={fields.map(([name]) => name)} />
      {!me.canEditProfile && (
        <Note tone="info">Your profile is kept by the administrators of {me.organization.displayName}.</Note>
      )}
      <form
        noValidate
        onSubmit={(event) => {
          event.preventDefault();
          if (draft.dirty) save.mutate();
        }}
      >
        <Section title="Name">
          <div className="fields">
            {fields.map(([name, label]) => (
              <TextInput
                key={name}
                label={label}
                value={draft.value[name]}
                maxLength={1024}
                disabled={!me.canEditProfile}
                error={fieldError(save.error, name)}
                onChange={(event) => draft.set({ [name]: event.currentTarget.value })}
              />
            ))}
          </div>
          <button type="submit" hidden tabIndex={-1} aria-hidden="true" />
        </Section>
      </form>
      <Section title="Account" help="Only an administrator can change these.">
        <dl className="facts">
          {shown
            .filter(([, value]) => value)
            .flatMap(([label, value]) => [<dt key={`${label} name`}>{label}</dt>, <dd key={label}>{value}</dd>])}
        </dl>
      </Section>
      <SaveBar
        changes={draft.changes.length}
        label="Save"
        saving={save.isPending}
        onSave={() => save.mutate()}
        onCancel={() => {
          draft.reset();
          save.reset();
        }}
      />
      <LeaveDialog guard={guard} />
    </Page>
  );
}
