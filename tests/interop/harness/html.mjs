// Reads the forms and texts of server-rendered pages. Enough for well-formed pages of ours and of the counterparts;
// never a parser for arbitrary HTML.

const ENTITIES = { amp: '&', lt: '<', gt: '>', quot: '"', apos: "'", nbsp: ' ' };

function decoded(text) {
  return text.replace(/&(#x[0-9a-f]+|#\d+|\w+);/gi, (whole, name) => {
    if (/^#x/i.test(name)) return String.fromCodePoint(parseInt(name.slice(2), 16));
    if (name.startsWith('#')) return String.fromCodePoint(Number(name.slice(1)));
    return ENTITIES[name.toLowerCase()] ?? whole;
  });
}

function attributesOf(tag) {
  const out = {};
  const body = tag.replace(/^<\w+/, '').replace(/\/?>$/, '');
  for (const [, name, , double, single, bare] of body.matchAll(/([\w:-]+)(\s*=\s*(?:"([^"]*)"|'([^']*)'|([^\s"'>]+)))?/g)) {
    out[name.toLowerCase()] = decoded(double ?? single ?? bare ?? '');
  }
  return out;
}

/** The forms: address, method, the fields with their values, the buttons in order. */
export function forms(html) {
  return [...html.matchAll(/<form\b[^>]*>[\s\S]*?<\/form>/gi)].map(([whole]) => {
    const { action = '', method = 'get' } = attributesOf(whole.match(/<form\b[^>]*>/i)[0]);
    const inputs = [...whole.matchAll(/<input\b[^>]*>/gi)].map(([tag]) => attributesOf(tag)).filter((input) => input.name);
    const buttons = [...whole.matchAll(/(<button\b[^>]*>)([\s\S]*?)<\/button>/gi)].map(([, tag, label]) => ({
      ...attributesOf(tag),
      label: text(label),
    }));
    const fields = Object.fromEntries(inputs.map((input) => [input.name, input.value ?? '']));
    return { action, method: method.toLowerCase(), fields, inputs, buttons };
  });
}

/** What a person reads: tags away, white space as single spaces. */
export function text(html) {
  const plain = html.replace(/<(script|style|title)\b[\s\S]*?<\/\1>/gi, ' ').replace(/<[^>]*>/g, ' ');
  return decoded(plain).replaceAll(/\s+/g, ' ').trim();
}

/** The first heading. */
export function heading(html) {
  const found = html.match(/<h1\b[^>]*>([\s\S]*?)<\/h1>/i);
  return found ? text(found[1]) : '';
}

/** The links: label and address. */
export function links(html) {
  return [...html.matchAll(/(<a\b[^>]*>)([\s\S]*?)<\/a>/gi)].map(([, tag, label]) => ({ href: attributesOf(tag).href, label: text(label) }));
}
