import { useHotkeys } from "@mantine/hooks";
import { IconSearch } from "@tabler/icons-react";
import { lazy, Suspense, useState } from "react";

const load = () => import("./PaletteDialog.tsx");
const PaletteDialog = lazy(() => load().then((module) => ({ default: module.PaletteDialog })));

/** Ctrl/Cmd-K: jump to any page, action or object by typing part of its name. */
export function CommandPalette() {
  const [open, setOpen] = useState(false);
  const [wanted, setWanted] = useState(false);
  const show = () => {
    setWanted(true);
    setOpen(true);
  };
  useHotkeys([["mod+K", show]], [], true);
  const mac = navigator.platform.startsWith("Mac");
  return (
    <>
      <button type="button" className="frame__find" onClick={show} onPointerEnter={() => void load()}>
        <IconSearch size={16} aria-hidden />
        <span>Search or jump to…</span>
        <kbd className="kbd" aria-hidden>
          {mac ? "⌘K" : "Ctrl K"}
        </kbd>
      </button>
      {wanted && (
        <Suspense>
          <PaletteDialog opened={open} close={() => setOpen(false)} />
        </Suspense>
      )}
    </>
  );
}
