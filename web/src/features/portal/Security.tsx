import { Button, PasswordInput, Stack } from "@mantine/core";
import { useMutation, useQuery, useQueryClient } from "@tanstack/react-query";
import { type FormEvent, useState } from "react";
import {
  changeMyPassword,
  endMySession,
  myConsentsQuery,
  mySessionsQuery,
  revokeMyConsent,
  usePortal,
} from "../../api/portal.ts";
import { ConsentTable } from "../../ui/ConsentTable.tsx";
import { focusFirstError } from "../../ui/focus.ts";
import { Failure, fieldError } from "../../ui/Note.tsx";
import { done, failed } from "../../ui/notify.ts";
import { Page, Section } from "../../ui/Page.tsx";
import { SessionTable } from "../../ui/SessionTable.tsx";
import { strengthOf } from "./strength.ts";

export function PortalSecurity() {
  const { me } = usePortal();
  return (
    <Page title="Security">
      <Section title="Password">{me.canChangePassword ? <ChangePassword /> : <ManagedElsewhere />}</Section>
      <Sessions />
      <Consents />
    </Page>
  );
}

function ManagedElsewhere() {
  const { me } = usePortal();
  const federated = me.passwordAuthority.toLowerCase().includes("federated");
  return (
    <p style={{ marginTop: 0 }}>
      {federated
        ? "You sign in with an account of another identity provider, which also keeps your password. Change it there."
        : `Your password is managed outside of Muster (${me.passwordAuthority}).`}{" "}
      If you cannot, ask an administrator of {me.organization.displayName}.
    </p>
  );
}

function ChangePassword() {
  const { api, me } = usePortal();
  const [current, setCurrent] = useState("");
  const [next, setNext] = useState("");
  const [again, setAgain] = useState("");
  const [problem, setProblem] = useState<string>();
  const strength = strengthOf(next);
  const save = useMutation({
    mutationFn: () => changeMyPassword(api, current, next),
    onSuccess: () => {
      setCurrent("");
      setNext("");
      setAgain("");
      done("Your password is changed. Other sessions have to sign in again.");
    },
    onError: focusFirstError,
  });
  const submit = (event: FormEvent) => {
    event.preventDefault();
    const differ = next !== again;
    setProblem(differ ? "This is not the same as the new password." : undefined);
    if (differ) focusFirstError();
    else save.mutate();
  };
  return (
    <form noValidate onSubmit={submit}>
      <Failure error={save.error} known={["currentPassword", "newPassword", "password"]} />
      <Stack gap={14} maw={380}>
        <input type="text" name="username" autoComplete="username" value={me.user.email} readOnly hidden />
        <PasswordInput
          label="Current password"
          autoComplete="current-password"
          value={current}
          error={fieldError(save.error, "currentPassword")}
          onChange={(event) => setCurrent(event.currentTarget.value)}
        />
        <div>
          <PasswordInput
            label="New password"
            description="Several words that only you would put together make a good one."
            autoComplete="new-password"
            value={next}
            error={fieldError(save.error, "newPassword") ?? fieldError(save.error, "password")}
            onChange={(event) => setNext(event.currentTarget.value)}
          />
          <div className="strength" aria-live="polite">
            <span className="strength__bar" data-score={strength.score} aria-hidden>
              {[1, 2, 3, 4].map((step) => (
                <span key={step} data-on={strength.score >= step || undefined} />
              ))}
            </span>
            {strength.word}
          </div>
        </div>
        <PasswordInput
          label="New password again"
          autoComplete="new-password"
          value={again}
          error={problem}
          onChange={(event) => setAgain(event.currentTarget.value)}
        />
        <div>
          <Button type="submit" loading={save.isPending} disabled={current === "" || next === ""}>
            Change password
          </Button>
        </div>
      </Stack>
    </form>
  );
}

function Sessions() {
  const { api } = usePortal();
  const client = useQueryClient();
  const sessions = useQuery(mySessionsQuery(api));
  const end = useMutation({
    mutationFn: (id: string) => endMySession(api, id),
    onSuccess: () => {
      void client.invalidateQueries({ queryKey: mySessionsQuery(api).queryKey });
      done("The session has ended.");
    },
    onError: failed,
  });
  return (
    <Section
      wide
      title="My sessions"
      help="Where you are signed in. End what you do not know, then change your password."
    >
      <Failure error={sessions.error} retry={() => void sessions.refetch()} />
      <SessionTable sessions={sessions.data} onEnd={(session) => end.mutate(session.id)} empty="No other session." />
    </Section>
  );
}

function Consents() {
  const { api } = usePortal();
  const client = useQueryClient();
  const consents = useQuery(myConsentsQuery(api));
  const revoke = useMutation({
    mutationFn: (id: string) => revokeMyConsent(api, id),
    onSuccess: () => {
      void client.invalidateQueries({ queryKey: myConsentsQuery(api).queryKey });
      done("It is taken back.");
    },
    onError: failed,
  });
  return (
    <Section
      wide
      title="Allowed applications"
      help="Applications of others that you allowed to learn of you, or to act for you."
    >
      <Failure error={consents.error} retry={() => void consents.refetch()} />
      <ConsentTable
        consents={consents.data}
        person="you"
        onRevoke={(consent) => revoke.mutate(consent.id)}
        empty="You allowed nothing to applications of others."
      />
    </Section>
  );
}
