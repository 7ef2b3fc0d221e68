import { IconDots } from "@tabler/icons-react";
import type { ReactNode } from "react";
import { ActionIcon, Button, Menu } from "./controls.tsx";

interface ActionsMenuProps {
  /** In a row of a list: whose actions they are; the button is only an icon then. */
  rowOf?: string;
  width?: number;
  children: ReactNode;
}

/** What can be done with an object, behind one button. */
export function ActionsMenu({ rowOf, width, children }: ActionsMenuProps) {
  return (
    <Menu width={width}>
      <Menu.Target>
        {rowOf === undefined ? (
          <Button variant="default" rightSection={<IconDots size={16} aria-hidden />}>
            Actions
          </Button>
        ) : (
          <ActionIcon variant="subtle" color="gray" aria-label={`Actions for ${rowOf}`}>
            <IconDots size={17} aria-hidden />
          </ActionIcon>
        )}
      </Menu.Target>
      <Menu.Dropdown>{children}</Menu.Dropdown>
    </Menu>
  );
}
