import { IconChevronDown, IconX } from "@tabler/icons-react";
import { Menu } from "./controls.tsx";

interface FilterChipProps {
  label: string;
  value: string | undefined;
  choices: { value: string; label: string }[];
  onChange: (value: string | undefined) => void;
}

/** One filter of a list: what it is set to stands on it, and a click takes it off again. */
export function FilterChip({ label, value, choices, onChange }: FilterChipProps) {
  const chosen = choices.find((choice) => choice.value === value);
  return (
    <Menu position="bottom-start">
      <Menu.Target>
        <button type="button" className="chip" data-on={value ? true : undefined}>
          {value ? `${label}: ${chosen?.label ?? value}` : label}
          <IconChevronDown size={14} aria-hidden />
        </button>
      </Menu.Target>
      <Menu.Dropdown>
        <Menu.RadioGroup value={value ?? null} onChange={onChange}>
          {choices.map((choice) => (
            <Menu.RadioItem key={choice.value} value={choice.value} closeMenuOnClick>
              {choice.label}
            </Menu.RadioItem>
          ))}
        </Menu.RadioGroup>
        {value && (
          <>
            <Menu.Divider />
            <Menu.Item reads leftSection={<IconX size={14} aria-hidden />} onClick={() => onChange(undefined)}>
              Any
            </Menu.Item>
          </>
        )}
      </Menu.Dropdown>
    </Menu>
  );
}
