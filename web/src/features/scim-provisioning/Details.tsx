import { IconTrash } from "@tabler/icons-react";
import { useMutation, useQuery, useQueryClient } from "@tanstack/react-query";
import { getRouteApi, useNavigate } from "@tanstack/react-router";
import { useState } from "react";
import { deleteDirectoryProvider, directoryProviderQuery } from "../../api/directoryProviders.ts";
import { useOrg } from "../../api/org.tsx";
import type { DirectoryProvider } from "../../api/types.ts";
import { useConfirm } from "../../ui/Confirm.tsx";
import { CopyId } from "../../ui/Copy.tsx";
import { Menu } from "../../ui/controls.tsx";
import { useDraft, useLeaveGuard } from "../../ui/draft.ts";
import { focusFirstError } from "../../ui/focus.ts";
import { Failure } from "../../ui/Note.tsx";
import { done, failed } from "../../ui/notify.ts";
import { Page } from "../../ui/Page.tsx";
import { LeaveDialog, SaveBar } from "../../ui/SaveBar.tsx";
import { Status } from "../../ui/Status.tsx";
import { PageTabs } from "../../ui/TabsPage.tsx";
import { Came } from "./Came.tsx";
import { Connection } from "./Connection.tsx";
import { draftOf, known, problemsOf, writeOf } from "./form.ts";
import { Imports } from "./Imports.tsx";
import { Roles } from "./Roles.tsx";
import { Settings } from "./Settings.tsx";
import { Source } from "./Source.tsx";
import { saveSeen } from "./saveSeen.ts";
import { toShow, wasShown } from "./shownOnce.ts";
import { TokenDialog } from "./TokenDialog.tsx";
import { count, kindOf, lifeOf } from "./words.ts";
import "./scim.css";
import { ActionsMenu } from "../../ui/ActionsMenu.tsx";
import { LoadingPage } from "../../ui/LoadingPage.tsx";

const route = getRouteApi("/console/$slug/scim-provisioning/$directoryId");

export function ScimProvisioningDetails() {
  const { api, org } = useOrg();
  const { directoryId } = route.useParams();
  const provider = useQuery(directoryProviderQuery(api, directoryId));
  if (provider.data) return <Loaded key={directoryId} provider={provider.data} />;
  const back = {
    label: "SCIM Provisioning",
    to: "/console/$slug/scim-provisioning" as const,
    params: { slug: org.slug },
  };
  return <LoadingPage back={back} error={provider.error} retry={() => void provider.refetch()} />;
}

function Loaded({ provider }: { provider: DirectoryProvider }) {
  const { api, org } = useOrg();
  const { tab } = route.useSearch();
  const navigate = useNavigate();
  const client = useQueryClient();
  const draft = useDraft(draftOf(provider));
  const guard = useLeaveGuard(draft.dirty);
  const [tried, setTried] = useState(false);
  const [made, setMade] = useState(() => toShow(provider.id));
  const problems = problemsOf(draft.value);
  const confirm = useConfirm();
  const kind = kindOf(provider.type);
  const save = useMutation({
    mutationFn: () => saveSeen(api, provider.id, writeOf(draft.value), confirm),
    onSuccess: (saved) => {
      if (!saved) return;
      client.setQueryData([...directoryProviderQuery(api, provider.id).queryKey], () => saved);
      for (const what of ["directory-providers", "administrators", "users", "user", "groups", "group"]) {
        void client.invalidateQueries({ queryKey: [api.orgId, what] });
      }
      draft.reset();
      setTried(false);
      done(`Directory provider ${saved.name} saved.`);
    },
    onError: focusFirstError,
  });
  const go = (to: string) =>
    void navigate({
      to: "/console/$slug/scim-provisioning/$directoryId",
      params: { slug: org.slug, directoryId: provider.id },
      search: { tab: to === "connection" ? undefined : to },
      replace: true,
    });
  const submit = () => {
    setTried(true);
    const [first] = Object.keys(problems);
    if (!first) return save.mutate();
    go(first === "roles" ? "roles" : "connection");
    focusFirstError();
  };
  return (
    <Page
      title={provider.name}
      back={{ label: "SCIM Provisioning", to: "/console/$slug/scim-provisioning", params: { slug: org.slug } }}
      state={<Status tone={lifeOf(provider).tone}>{lifeOf(provider).label}</Status>}
      under={
        <>
          {kind.label} · {count(provider.userCount, "user", "users")}, {count(provider.groupCount, "group", "groups")}{" "}
          from here <CopyId id={provider.id} />
        </>
      }
      actions={<ProviderMenu provider={provider} onDeleted={() => guard.allow()} />}
    >
      <Failure error={save.error} known={known} />
      <PageTabs
        label="Parts of this directory provider"
        value={tab}
        onChange={go}
        tabs={[
          {
            value: "connection",
            label: "Connection",
            mark: draft.changes.some((key) => key !== "roleMappings"),
            content: () => (
              <>
                {provider.read ? (
                  <Source provider={provider} onSaved={() => go("imports")} />
                ) : (
                  <Connection provider={provider} onMade={setMade} />
                )}
                <Settings
                  read={provider.read}
                  draft={draft}
                  problems={tried ? problems : {}}
                  failure={save.error}
                  onSubmit={submit}
                />
              </>
            ),
          },
          ...(provider.read
            ? [{ value: "imports", label: "Imports", content: () => <Imports provider={provider} /> }]
            : []),
          { value: "users", label: "Users", content: () => <Came key="users" provider={provider} what="users" /> },
          { value: "groups", label: "Groups", content: () => <Came key="groups" provider={provider} what="groups" /> },
          {
            value: "roles",
            label: "Group to Role Mapping",
            mark: draft.changes.includes("roleMappings"),
            content: () => (
              <Roles
                provider={provider}
                draft={draft}
                problem={tried ? problems.roles : undefined}
                failure={save.error}
              />
            ),
          },
        ]}
      />
      <SaveBar
        changes={draft.changes.length}
        label="Save"
        saving={save.isPending}
        onSave={submit}
        onCancel={() => {
          draft.reset();
          save.reset();
          setTried(false);
        }}
      />
      <TokenDialog
        made={made}
        where={kind.type === "generic" ? "the other directory" : kind.label}
        onClose={() => {
          wasShown(provider.id);
          setMade(null);
        }}
      />
      <LeaveDialog guard={guard} />
    </Page>
  );
}

function ProviderMenu({ provider, onDeleted }: { provider: DirectoryProvider; onDeleted: () => void }) {
  const { api, org } = useOrg();
  const client = useQueryClient();
  const confirm = useConfirm();
  const navigate = useNavigate();
  const remove = async () => {
    const yes = await confirm({
      title: `Remove ${provider.name}?`,
      body: (
        <>
          <p style={{ marginTop: 0 }}>
            {provider.read ? "It is read no more." : "Its Endpoint and tokens stop working at once."}
          </p>
          <ul>
            <li>{count(provider.userCount, "user stays", "users stay")} here and can be edited by administrators.</li>
            <li>
              {count(provider.groupCount, "group that it sent is", "groups that it sent are")} yours to edit, too.
            </li>
            {provider.roleMappings.length > 0 && (
              <li>
                What {count(provider.roleMappings.length, "role mapping gives", "role mappings give")} is taken back.
              </li>
            )}
          </ul>
        </>
      ),
      confirm: "Remove directory provider",
      danger: true,
    });
    if (!yes) return;
    try {
      await deleteDirectoryProvider(api, provider.id);
      onDeleted();
      done(`${provider.name} is removed.`);
      await navigate({ to: "/console/$slug/scim-provisioning", params: { slug: org.slug } });
      void client.invalidateQueries({ queryKey: [api.orgId] });
    } catch (error) {
      failed(error);
    }
  };
  return (
    <ActionsMenu>
      <Menu.Item color="var(--m-bad)" leftSection={<IconTrash size={16} aria-hidden />} onClick={() => void remove()}>
        Remove
      </Menu.Item>
    </ActionsMenu>
  );
}
