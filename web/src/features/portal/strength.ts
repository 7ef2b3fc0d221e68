export interface Strength {
  /** 0 (empty) to 4. */
  score: number;
  word: string;
}

const words = ["", "Easy to guess", "Weak", "Good", "Strong"];
const runs = ["abcdefghijklmnopqrstuvwxyz", "qwertyuiop", "asdfghjkl", "zxcvbnm", "01234567890"];
const common = /passwor[dt]|letmein|welcome|admin|iloveyou|monkey|dragon|sunshine|muster|summer|winter|spring|autumn/gi;

/** How many letters of a password say nothing new: repeats, runs along the alphabet or keyboard, common words. */
function wasted(password: string): number {
  const text = password.toLowerCase();
  let count = 0;
  for (let at = 2; at < text.length; at += 1) {
    const three = text.slice(at - 2, at + 1);
    const back = [...three].reverse().join("");
    if (new Set(three).size === 1 || runs.some((run) => run.includes(three) || run.includes(back))) count += 1;
  }
  for (const match of text.matchAll(common)) count += match[0].length - 2;
  return count;
}

/** A hint while typing. The server decides. */
export function strengthOf(password: string): Strength {
  if (password === "") return { score: 0, word: "" };
  const kinds = [/[a-z]/, /[A-Z]/, /[0-9]/, /[^A-Za-z0-9]/].filter((kind) => kind.test(password)).length;
  const letters = Math.min(new Set(password).size * 1.6, password.length) - wasted(password);
  const bits = Math.max(0, letters) * (2.2 + kinds * 0.6);
  const score = bits < 22 ? 1 : bits < 38 ? 2 : bits < 55 ? 3 : 4;
  return { score, word: words[score] ?? "" };
}
