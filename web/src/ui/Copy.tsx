import { IconCheck, IconCopy } from "@tabler/icons-react";
import { useEffect, useState } from "react";
import { Button } from "./controls.tsx";

/** Puts text on the clipboard, also where the page is not a secure context. */
export async function copyText(text: string): Promise<boolean> {
  try {
    await navigator.clipboard.writeText(text);
    return true;
  } catch {
    const area = document.createElement("textarea");
    area.value = text;
    area.style.position = "fixed";
    area.style.opacity = "0";
    document.body.append(area);
    area.select();
    const done = document.execCommand("copy");
    area.remove();
    return done;
  }
}

function useCopied(): [boolean, (text: string) => void] {
  const [copied, setCopied] = useState(false);
  useEffect(() => {
    if (!copied) return;
    const timer = setTimeout(() => setCopied(false), 1800);
    return () => clearTimeout(timer);
  }, [copied]);
  return [copied, (text) => void copyText(text).then(setCopied)];
}

/** A "Copy" button; `of` names what it copies for those who cannot see where it stands. */
export function CopyButton({ text, of }: { text: string; of: string }) {
  const [copied, copy] = useCopied();
  return (
    <Button
      reads
      variant="default"
      size="sm"
      miw={92}
      aria-label={copied ? `Copied ${of}` : `Copy ${of}`}
      leftSection={copied ? <IconCheck size={15} aria-hidden /> : <IconCopy size={15} aria-hidden />}
      onClick={() => copy(text)}
    >
      {copied ? "Copied" : "Copy"}
    </Button>
  );
}

/** A value to take along, with its Copy button. */
export function CopyField({ label, value }: { label: string; value: string }) {
  return (
    <div className="copy-field">
      {/* biome-ignore lint/a11y/useSemanticElements: an output would be announced on every change */}
      <span className="copy-field__value" role="group" aria-label={label}>
        {value}
      </span>
      <CopyButton text={value} of={label} />
    </div>
  );
}

/** The same with its name above. */
export function LabelledCopy({ label, value, help }: { label: string; value: string; help?: string }) {
  return (
    <div className="labelled">
      <div className="labelled__name">{label}</div>
      <CopyField label={label} value={value} />
      {help && <div className="section__help">{help}</div>}
    </div>
  );
}

/** An object's id, shortened in the middle; a click copies it whole. */
export function CopyId({ id }: { id: string }) {
  const [copied, copy] = useCopied();
  return (
    <button type="button" className="copy-id" title={`Copy the id ${id}`} onClick={() => copy(id)}>
      {copied ? <IconCheck size={13} aria-hidden /> : <IconCopy size={13} aria-hidden />}
      <span className="m-visually-hidden">{copied ? "Copied" : "Copy"} id </span>
      {id.length > 14 ? `${id.slice(0, 6)}…${id.slice(-4)}` : id}
    </button>
  );
}
