import { Button } from "@mantine/core";
import { useMutation } from "@tanstack/react-query";
import { usePortal } from "../../api/portal.ts";
import { Failure } from "../../ui/Note.tsx";
import { Page, Section } from "../../ui/Page.tsx";
import { administer } from "./administer.ts";

/** The way into the console, of people who are administrators by a group of a directory. */
export function PortalAdministration() {
  const { api, me } = usePortal();
  const open = useMutation({ mutationFn: () => administer(api) });
  const mine = me.administration;
  return (
    <Page title="Administration">
      <Section title="Console" help={`Where ${me.organization.displayName} is administered.`}>
        {mine ? (
          <>
            <Failure error={open.error} />
            <p style={{ marginTop: 0 }}>
              Your role is {mine.roleName}
              {mine.source &&
                `, as a member of the group ${mine.source.groupName} from ${mine.source.directoryProviderName}`}
              . The console stays open for as long as you are signed in here. If you signed in more than 15 minutes ago,
              you are asked to sign in again first.
            </p>
            <Button loading={open.isPending} onClick={() => open.mutate()}>
              Open the console
            </Button>
          </>
        ) : (
          <p style={{ marginTop: 0 }}>You are no administrator of {me.organization.displayName}.</p>
        )}
      </Section>
    </Page>
  );
}
