import { FileButton, Group, Text } from "@mantine/core";
import { useState } from "react";
import { Button } from "./controls.tsx";
import { Logo } from "./Logo.tsx";

const MOST_BYTES = 512 * 1024;
const types = ["image/png", "image/jpeg", "image/webp", "image/gif"];

interface LogoFieldProps {
  label: string;
  name: string;
  value: string | null;
  onChange: (picture: string | null) => void;
  error?: string;
}

/** Chooses a picture. It is read into a data: URL, which the content security policy lets us show before it is saved. */
export function LogoField({ label, name, value, onChange, error }: LogoFieldProps) {
  const [problem, setProblem] = useState<string>();
  const choose = (file: File | null) => {
    if (!file) return;
    if (!types.includes(file.type)) return setProblem("Choose a PNG, JPEG, WebP or GIF picture.");
    if (file.size > MOST_BYTES) return setProblem("The picture is larger than 512 kB. Choose a smaller one.");
    setProblem(undefined);
    const reader = new FileReader();
    reader.onload = () => onChange(String(reader.result));
    reader.readAsDataURL(file);
  };
  const said = problem ?? error;
  return (
    // biome-ignore lint/a11y/useSemanticElements: a fieldset's legend cannot be laid out beside the picture
    <div role="group" aria-label={label}>
      <div className="labelled__name">{label}</div>
      <Group gap={12}>
        <Logo url={value} name={name || "?"} size={48} />
        <FileButton onChange={choose} accept={types.join(",")} inputProps={{ "aria-label": `${label} file` }}>
          {(props) => (
            <Button {...props} variant="default" size="xs">
              {value ? "Change" : "Upload"}
            </Button>
          )}
        </FileButton>
        {value && (
          <Button variant="subtle" color="gray" size="xs" onClick={() => onChange(null)}>
            Remove
          </Button>
        )}
      </Group>
      <Text size="xs" c="dimmed" mt={6}>
        Optional. PNG, JPEG, WebP or GIF, up to 512 kB.
      </Text>
      {said && (
        <Text size="sm" c="var(--mantine-color-error)" mt={4} role="alert">
          {said}
        </Text>
      )}
    </div>
  );
}
