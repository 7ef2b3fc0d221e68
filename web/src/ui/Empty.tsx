import { Title } from "@mantine/core";
import type { ReactNode } from "react";

/** An empty list that says what belongs here and offers the next step. */
export function Empty({
  icon,
  title,
  text,
  action,
}: {
  icon: ReactNode;
  title: string;
  text: string;
  action?: ReactNode;
}) {
  return (
    <div className="empty">
      <span className="empty__icon" aria-hidden>
        {icon}
      </span>
      <Title order={2}>{title}</Title>
      <p>{text}</p>
      {action}
    </div>
  );
}
