import { ActionIcon, Avatar, Menu } from "@mantine/core";
import { IconArrowLeft, IconCode, IconLogout } from "@tabler/icons-react";
import { useQueryClient } from "@tanstack/react-query";
import { useNavigate } from "@tanstack/react-router";
import { useOrg } from "../api/org.tsx";
import { signOutConsole } from "../api/settings.ts";
import { failed } from "../ui/notify.ts";

export function AccountMenu() {
  const { session, org } = useOrg();
  const { admin } = session;
  const navigate = useNavigate();
  const queryClient = useQueryClient();
  const name = `${admin.firstname} ${admin.lastname}`.trim() || admin.email;
  const signOut = async () => {
    try {
      await signOutConsole();
      queryClient.clear();
      window.location.assign(admin.source ? `/portal/${encodeURIComponent(org.slug)}/` : "/login/admin");
    } catch (error) {
      failed(error);
    }
  };
  return (
    <Menu width={260}>
      <Menu.Target>
        <ActionIcon variant="subtle" color="gray" size={36} radius="xl" aria-label={`Account of ${name}`}>
          <Avatar size={28} radius="xl" color="pine" variant="filled" aria-hidden>
            {name[0]?.toUpperCase()}
          </Avatar>
        </ActionIcon>
      </Menu.Target>
      <Menu.Dropdown>
        <div style={{ padding: "8px 12px" }}>
          <div style={{ fontWeight: 550 }}>{name}</div>
          <div className="section__help">{admin.email}</div>
          <div className="section__help">{org.roleName}</div>
        </div>
        <Menu.Divider />
        {admin.source ? (
          // They came from the portal, and have no key of their own.
          <Menu.Item
            leftSection={<IconArrowLeft size={16} aria-hidden />}
            onClick={() => window.location.assign(`/portal/${encodeURIComponent(org.slug)}/`)}
          >
            User portal
          </Menu.Item>
        ) : (
          <Menu.Item
            leftSection={<IconCode size={16} aria-hidden />}
            onClick={() => navigate({ to: "/console/$slug/settings/api", params: { slug: org.slug } })}
          >
            My API Key
          </Menu.Item>
        )}
        <Menu.Item leftSection={<IconLogout size={16} aria-hidden />} onClick={() => void signOut()}>
          Sign out
        </Menu.Item>
        <Menu.Divider />
        <div className="section__help" style={{ padding: "4px 12px 8px" }}>
          Muster {session.version}
          {session.dev && " · development"}
        </div>
      </Menu.Dropdown>
    </Menu>
  );
}
