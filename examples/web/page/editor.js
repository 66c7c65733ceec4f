// The editor: a textarea whose own text is not seen, above the same text in colours, beside the lines' numbers.

const KEYWORDS = "False None True and as assert async await break case class continue def del elif else except finally for from "
  + "global if import in is lambda match nonlocal not or pass raise return try type while with yield";
const NAMES = "abs all any bool bytes call_tool acall_tool chr dict divmod enumerate filter float frozenset getattr hasattr int "
  + "isinstance iter len list map max min next object ord print property range repr reversed round set setattr sorted str "
  + "sum super tuple zip Exception ToolError ValueError TypeError KeyError";
const words = (text) => `\\b(?:${text.split(" ").join("|")})\\b`;
const TOKEN = new RegExp([
  "(?<comment>#[^\\n]*)",
  "(?<string>\\b[rbfuRBFU]{0,2}(?:\"\"\"[^]*?(?:\"\"\"|$)|'''[^]*?(?:'''|$)|\"(?:\\\\.|[^\"\\\\\\n])*\"?|'(?:\\\\.|[^'\\\\\\n])*'?)"
    + "|(?:\"\"\"[^]*?(?:\"\"\"|$)|'''[^]*?(?:'''|$)|\"(?:\\\\.|[^\"\\\\\\n])*\"?|'(?:\\\\.|[^'\\\\\\n])*'?))",
  `(?<keyword>${words(KEYWORDS)})`,
  `(?<name>${words(NAMES)})`,
  "(?<number>\\b(?:0[xob][\\da-fA-F_]+|\\d[\\d_]*\\.?[\\d_]*(?:e[+-]?\\d+)?)\\b)",
].join("|"), "g");
const INDENT = "    ";

function element(tag, kind, text) {
  const made = document.createElement(tag);
  made.className = kind;
  made.textContent = text;
  return made;
}

// The text as [kind, text] pieces, none of them longer than a line.
function* pieces(text) {
  let at = 0;
  const cut = function* (kind, part) {
    for (const line of part.split(/(\n)/)) if (line) yield [kind, line];
  };
  for (const found of text.matchAll(TOKEN)) {
    yield* cut("", text.slice(at, found.index));
    const [kind] = Object.entries(found.groups).find(([, value]) => value !== undefined);
    yield* cut(kind, found[0]);
    at = found.index + found[0].length;
  }
  yield* cut("", text.slice(at));
}

export class Editor {
  constructor({ code, paint, gutter }) {
    this.code = code;
    this.paint = paint;
    this.gutter = gutter;
    this.wrong = new Map(); // line → column or null
    code.addEventListener("input", () => {
      this.mark([]);
      this.#reveal();
    });
    document.addEventListener("selectionchange", () => {
      if (document.activeElement === code) this.#reveal();
    });
    code.addEventListener("scroll", () => code.scrollTo(0, 0)); // it is as large as its text: what is around it scrolls
    code.addEventListener("keydown", (event) => this.#key(event));
    this.draw();
  }

  get text() { return this.code.value; }

  set text(text) {
    this.code.value = text;
    this.mark([]);
  }

  // Show where something is wrong: [{line, column}], both from 1 on, the column possibly null.
  mark(places) {
    this.wrong = new Map(places.map(({ line, column }) => [line, column ?? null]));
    this.draw();
    const first = Math.min(...this.wrong.keys());
    if (places.length) this.gutter.children[first - 1]?.scrollIntoView({ block: "nearest" });
  }

  draw() {
    const lines = [[]];
    for (const [kind, text] of pieces(this.code.value)) {
      if (text === "\n") lines.push([]);
      else lines.at(-1).push([kind, text]);
    }
    this.paint.replaceChildren(...lines.flatMap((line, index) => [this.#line(line, index + 1), "\n"]));
    this.gutter.replaceChildren(...lines.map((_, index) =>
      element("div", this.wrong.has(index + 1) ? "wrong" : "", index + 1)));
  }

  // Scroll to the caret: the browser has looked for it while the sheet had its former size, and may put it below the gutter.
  #reveal() {
    this.code.scrollTo(0, 0);
    const { selectionDirection, selectionStart, selectionEnd, value } = this.code;
    const lines = value.slice(0, selectionDirection === "backward" ? selectionStart : selectionEnd).split("\n");
    this.gutter.children[lines.length - 1]?.scrollIntoView({ block: "nearest" });
    const around = this.gutter.parentElement;
    const pen = document.createElement("canvas").getContext("2d");
    pen.font = getComputedStyle(this.code).font;
    const at = pen.measureText(lines.at(-1)).width;
    const seen = around.clientWidth - this.gutter.offsetWidth - 24;
    if (at < around.scrollLeft) around.scrollLeft = Math.max(0, at - seen / 2);
    else if (at > around.scrollLeft + seen) around.scrollLeft = at - seen;
  }

  #line(line, number) {
    const column = this.wrong.get(number);
    const made = element("span", column === undefined ? "" : "wrong-line", "");
    let at = 1;
    for (const [kind, text] of line) {
      const here = typeof column === "number" && column >= at && column < at + text.length;
      const split = here ? column - at : 0;
      if (split) made.append(element("span", kind, text.slice(0, split)));
      // An error points to where it begins: the rest of that word is marked.
      const length = here ? (/^\w+/.exec(text.slice(split))?.[0].length ?? 1) : 0;
      if (here) made.append(element("span", `${kind} wrong-spot`, text.slice(split, split + length)));
      if (split + length < text.length) made.append(element("span", kind, text.slice(split + length)));
      at += text.length;
    }
    if (typeof column === "number" && column >= at) made.append(element("span", "wrong-spot", " "));
    return made;
  }

  // Tab indents; Escape and then Tab leaves the editor, as without this.
  #key(event) {
    const leaving = this.leaving;
    this.leaving = event.key === "Escape";
    const { selectionStart: from, selectionEnd: to, value } = this.code;
    const lineStart = value.lastIndexOf("\n", from - 1) + 1;
    if (event.key === "Tab" && !leaving && !event.ctrlKey && !event.altKey && !event.metaKey) {
      event.preventDefault();
      if (!event.shiftKey && from === to) return this.#insert(INDENT);
      const block = value.slice(lineStart, to);
      const moved = event.shiftKey ? block.replace(/^ {1,4}/gm, "") : block.replace(/^(?=.)/gm, INDENT);
      this.code.setSelectionRange(lineStart, to);
      this.#insert(moved);
      if (from !== to) this.code.setSelectionRange(lineStart, lineStart + moved.length);
    } else if (event.key === "Enter" && !event.ctrlKey && !event.metaKey && !event.isComposing) {
      event.preventDefault();
      const before = value.slice(lineStart, from);
      this.#insert("\n" + /^ */.exec(before)[0] + (/:\s*$/.test(before) ? INDENT : ""));
    }
  }

  // As if it were typed, so that it can be undone.
  #insert(text) {
    if (!document.execCommand("insertText", false, text)) {
      this.code.setRangeText(text, this.code.selectionStart, this.code.selectionEnd, "end");
      this.mark([]);
    }
  }
}
