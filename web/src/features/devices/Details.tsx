import { useMutation, useQuery, useQueryClient } from "@tanstack/react-query";
import { getRouteApi, useNavigate } from "@tanstack/react-router";
import { useState } from "react";
import { deviceQuery, updateDevice } from "../../api/devices.ts";
import { useOrg } from "../../api/org.tsx";
import type { Device } from "../../api/types.ts";
import { CopyId } from "../../ui/Copy.tsx";
import { useDraft, useLeaveGuard } from "../../ui/draft.ts";
import { focusFirstError } from "../../ui/focus.ts";
import { type Back, LoadingPage } from "../../ui/LoadingPage.tsx";
import { Failure, fieldError } from "../../ui/Note.tsx";
import { done } from "../../ui/notify.ts";
import { Page } from "../../ui/Page.tsx";
import { LeaveDialog, SaveBar } from "../../ui/SaveBar.tsx";
import { PageTabs } from "../../ui/TabsPage.tsx";
import { DeviceActivity } from "./DeviceActivity.tsx";
import { DeviceForm } from "./DeviceForm.tsx";
import { DeviceMenu } from "./DeviceMenu.tsx";
import { DeviceUsers } from "./DeviceUsers.tsx";
import { draftOf, problemsOf, settings, writeOf } from "./form.ts";
import { deviceName, EncryptionBadge, osName } from "./words.tsx";

const route = getRouteApi("/console/$slug/devices/$deviceId");
const known = ["displayName", "attributes", ...settings.map((one) => one.name)];

export function DeviceDetails() {
  const { api, org } = useOrg();
  const { deviceId } = route.useParams();
  const device = useQuery(deviceQuery(api, deviceId));
  const back = { label: "Devices", to: "/console/$slug/devices" as const, params: { slug: org.slug } };
  if (device.data) return <Loaded key={deviceId} device={device.data} back={back} />;
  return <LoadingPage back={back} error={device.error} retry={() => void device.refetch()} />;
}

interface LoadedProps {
  device: Device;
  back: Back;
}

function Loaded({ device, back }: LoadedProps) {
  const { api, org } = useOrg();
  const { tab } = route.useSearch();
  const navigate = useNavigate();
  const client = useQueryClient();
  const draft = useDraft(draftOf(device));
  const guard = useLeaveGuard(draft.dirty);
  const [tried, setTried] = useState(false);
  const problems = problemsOf(draft.value);
  const save = useMutation({
    mutationFn: () => updateDevice(api, device._id, writeOf(draft.value, draft.changes)),
    onSuccess: (saved) => {
      client.setQueryData([api.orgId, "device", device._id], saved);
      for (const kind of ["devices", "user"]) void client.invalidateQueries({ queryKey: [api.orgId, kind] });
      void client.invalidateQueries({ queryKey: [api.orgId, "device", device._id] });
      draft.reset();
      setTried(false);
      done(`Device ${deviceName(saved)} saved.`);
    },
    onError: focusFirstError,
  });
  const submit = () => {
    setTried(true);
    if (Object.keys(problems).length > 0) focusFirstError();
    else save.mutate();
  };
  const cancel = () => {
    draft.reset();
    save.reset();
    setTried(false);
  };
  const go = (to: string) =>
    void navigate({
      to: "/console/$slug/devices/$deviceId",
      params: { slug: org.slug, deviceId: device._id },
      search: { tab: to === "details" ? undefined : to },
      replace: true,
    });
  const errorOf = (name: string) => (tried ? problems[name] : undefined) ?? fieldError(save.error, name);
  return (
    <Page
      title={deviceName(device)}
      back={back}
      state={<EncryptionBadge device={device} />}
      under={
        <>
          {osName(device)} <CopyId id={device._id} />
        </>
      }
      actions={
        <DeviceMenu
          device={device}
          labelled
          onDeleted={() => {
            guard.allow();
            void navigate({ to: "/console/$slug/devices", params: { slug: org.slug } });
          }}
        />
      }
    >
      <Failure error={save.error} known={known} />
      <PageTabs
        label="Parts of this device"
        value={tab}
        onChange={go}
        tabs={[
          {
            value: "details",
            label: "Details",
            mark: draft.dirty,
            content: () => (
              <form
                noValidate
                onSubmit={(event) => {
                  event.preventDefault();
                  submit();
                }}
              >
                <DeviceForm device={device} draft={draft.value} set={draft.set} error={errorOf} />
                <button type="submit" hidden tabIndex={-1} aria-hidden="true" />
              </form>
            ),
          },
          { value: "users", label: "Users", content: () => <DeviceUsers device={device} /> },
          { value: "activity", label: "Activity", content: () => <DeviceActivity device={device} /> },
        ]}
      />
      <SaveBar
        changes={draft.changes.length}
        label="save device"
        saving={save.isPending}
        onSave={submit}
        onCancel={cancel}
      />
      <LeaveDialog guard={guard} />
    </Page>
  );
}
