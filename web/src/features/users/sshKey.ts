// What can be told of an SSH key's line. Pure but for the digest.

const types = new Set([
  "ssh-ed25519",
  "ssh-rsa",
  "ecdsa-sha2-nistp256",
  "ecdsa-sha2-nistp384",
  "ecdsa-sha2-nistp521",
  "sk-ssh-ed25519@openssh.com",
  "sk-ecdsa-sha2-nistp256@openssh.com",
]);

export interface KeyLine {
  type: string;
  key: string;
  comment: string;
}

export function readKey(line: string): KeyLine {
  const [type = "", key = "", ...comment] = line.trim().split(/\s+/);
  return { type, key, comment: comment.join(" ") };
}

/** What is wrong with a pasted key, in words that say what to do. */
export function keyProblem(text: string): string | undefined {
  const line = text.trim();
  if (line === "") return "Paste the key.";
  if (/PRIVATE KEY/.test(line)) {
    return "This is a private key. It must never leave its owner: paste the file that ends in .pub instead.";
  }
  if (/[\r\n]/.test(line)) return "A public key is one line. Paste the file that ends in .pub.";
  const { type, key } = readKey(line);
  if (!types.has(type)) {
    return "A public key begins with its type, like ssh-ed25519 or ssh-rsa. Paste the whole line of the .pub file.";
  }
  if (!/^[A-Za-z0-9+/]{40,}={0,3}$/.test(key)) return "The key after the type is not complete. Paste the whole line.";
  return undefined;
}

/** The fingerprint as `ssh-keygen -l` prints it; nothing where the browser has no digests (a page without TLS). */
export async function fingerprint(line: string): Promise<string | null> {
  if (!globalThis.crypto?.subtle) return null;
  try {
    const bytes = Uint8Array.from(atob(readKey(line).key), (char) => char.charCodeAt(0));
    const digest = new Uint8Array(await crypto.subtle.digest("SHA-256", bytes));
    return `SHA256:${btoa(String.fromCharCode(...digest)).replace(/=+$/, "")}`;
  } catch {
    return null;
  }
}
