import { readdir, readFile, writeFile } from "node:fs/promises";
import { join } from "node:path";
import { brotliCompressSync, constants } from "node:zlib";
import type { Plugin } from "vite";

const texts = /\.(js|css|svg|html|txt)$/;

/** Lays a `.br` beside each text of the build: a server can send it as it is, smaller than compressed on the way. */
export function compressed(): Plugin {
  return {
    name: "muster-compressed",
    apply: "build",
    async writeBundle({ dir = "dist" }) {
      const files = await readdir(dir, { recursive: true });
      for (const file of files.filter((name) => texts.test(name))) {
        const path = join(dir, file);
        const bytes = await readFile(path);
        if (bytes.length < 1024) continue;
        const params = { [constants.BROTLI_PARAM_QUALITY]: 11, [constants.BROTLI_PARAM_SIZE_HINT]: bytes.length };
        await writeFile(`${path}.br`, brotliCompressSync(bytes, { params }));
      }
    },
  };
}
