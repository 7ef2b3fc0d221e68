import { Tabs } from "@mantine/core";
import { type ReactNode, useEffect, useRef } from "react";

export interface TabDef {
  value: string;
  label: string;
  /** Something on this tab needs attention (an error, unsaved edits). */
  mark?: boolean;
  content: () => ReactNode;
}

interface PageTabsProps {
  label: string;
  tabs: TabDef[];
  value: string | undefined;
  onChange: (value: string) => void;
}

/** Tabs of an object's page. Which one is open stands in the address. */
export function PageTabs({ label, tabs, value, onChange }: PageTabsProps) {
  const open = tabs.some((tab) => tab.value === value) ? value : tabs[0]?.value;
  const list = useRef<HTMLDivElement>(null);
  // On a narrow page the list scrolls: the open one is in view.
  useEffect(() => {
    const tab = list.current?.querySelector(`[role="tab"][aria-selected="true"]`);
    if (open) tab?.scrollIntoView?.({ block: "nearest", inline: "nearest" });
  }, [open]);
  return (
    <Tabs value={open} onChange={(next) => next && onChange(next)} keepMounted={false}>
      <Tabs.List ref={list} aria-label={label} className="tabs-scroll">
        {tabs.map((tab) => (
          <Tabs.Tab
            key={tab.value}
            value={tab.value}
            rightSection={tab.mark ? <span className="tab-mark" /> : undefined}
          >
            {tab.label}
          </Tabs.Tab>
        ))}
      </Tabs.List>
      {tabs.map((tab) => (
        <Tabs.Panel key={tab.value} value={tab.value}>
          {tab.content()}
        </Tabs.Panel>
      ))}
    </Tabs>
  );
}
