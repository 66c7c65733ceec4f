// The playground: runs what is in the editor, shows what it does as it does it, and the pool that it runs in.

import { Editor } from "./editor.js";

const EXAMPLES = {
  "Hello": `def primes(limit):
    found = []
    for n in range(2, limit):
        if all(n % p for p in found):
            found.append(n)
    return found


print("The primes below fifty:")
primes(50)
`,
  "Output as it comes": `# Not at STRICT, where clocks are not to be had.
import time

for n in range(1, 11):
    print("line", n)
    time.sleep(0.3)
return "done"
`,
  "A tool of the host": `call_tool("put", {"name": "colour", "text": "green"})

# Another run finds it: the note is the host's, everything else of this run is gone.
call_tool("get", {"name": "colour"})
`,
  "Without end": `# A loop inside C code, which no exception could leave: stop it, kill it, or wait for its time to be over.
sum(iter(int, 1))
`,
  "Too much memory": `kept = []
for n in range(1000):
    kept.append("x" * 1_000_000)
    if n % 10 == 0:
        print(n, "MB")
`,
  "An exception": `def area(width, height):
    return width * height


def ratio(rows):
    return area(2, 3) / len(rows)


ratio([])
`,
  "A crash": `# At STANDARD and PERMISSIVE.  The worker is replaced; the service does not notice.
import os

os.abort()
`,
};

const $ = (id) => document.getElementById(id);
const editor = new Editor({ code: $("code"), paint: $("paint"), gutter: $("gutter") });
const remembered = {
  get(name) { try { return localStorage.getItem(name); } catch { return null; } },
  set(name, value) { try { localStorage.setItem(name, value); } catch { /* a private window */ } },
};
let preset = null; // the one that is chosen
let running = null; // {id, preset, leave} of the run that was begun here

// --- small things

const megabytes = (bytes) => `${(bytes / 1048576).toFixed(1)} MB`;
const seconds = (time) => (time < 1 ? `${(time * 1000).toFixed(time < 0.01 ? 2 : 0)} ms` : `${time.toFixed(1)} s`);

function node(tag, properties = {}, ...children) {
  const made = Object.assign(document.createElement(tag), properties);
  made.append(...children);
  return made;
}

function chip(which, kind, text) {
  $(which).dataset.kind = kind;
  if ($(which).textContent !== text) $(which).textContent = text;
}

function ask(path, { key }, options = {}) {
  const headers = { Authorization: `Bearer ${key}`, "Content-Type": "application/json" };
  return fetch(path, { ...options, headers, cache: "no-store" });
}

// The objects of a stream that has one a line.
async function* objects(response) {
  const decoder = new TextDecoder();
  let rest = "";
  for (const reader = response.body.getReader(); ;) {
    const { done, value } = await reader.read();
    if (done) return;
    const lines = (rest + decoder.decode(value, { stream: true })).split("\n");
    rest = lines.pop();
    for (const line of lines) yield JSON.parse(line);
  }
}

// --- a run

async function run() {
  if (running || !preset) return;
  const leaving = new AbortController();
  running = { id: null, preset, leave: () => leaving.abort() };
  begin();
  try {
    const time = $("seconds").valueAsNumber;
    const body = JSON.stringify({ code: editor.text, ...(time > 0 ? { timeout: time } : {}) });
    const response = await ask("stream", preset, { method: "POST", body, signal: leaving.signal });
    if (!response.ok) {
      end({ status: response.status, ...await response.json() });
      return;
    }
    for await (const event of objects(response)) {
      if (event.type === "run") running.id = event.run;
      else if (event.type === "output") write(event);
      else end(event);
    }
    if ($("state").dataset.kind === "busy") broken("the connection ended before the run did");
  } catch (error) {
    broken(leaving.signal.aborted ? "stopped" : `the service does not answer (${error.message})`);
  } finally {
    running = null;
    $("run").disabled = false;
    $("stop").disabled = true;
  }
}

function begin() {
  $("run").disabled = true;
  $("stop").disabled = false;
  $("output").replaceChildren();
  $("output").dataset.empty = "Nothing has been printed yet.";
  $("outcome").hidden = true;
  $("complaint").hidden = true;
  $("figures").textContent = "";
  editor.mark([]);
  chip("state", "busy", "running");
}

function write({ stream, text }) {
  const output = $("output");
  const atEnd = output.scrollTop + output.clientHeight > output.scrollHeight - 30;
  output.append(node("span", { className: stream }, text));
  if (atEnd) output.scrollTop = output.scrollHeight;
}

function end({ error, shown, stats }) {
  if (stats) {
    $("figures").textContent = `${seconds(stats.duration)} · ${seconds(stats.cpu_time)} of processor · `
      + `${megabytes(stats.peak_memory)} · worker ${stats.worker_id}`;
  }
  $("output").dataset.empty = "Nothing was printed.";
  $("outcome").hidden = false;
  $("outcome").className = error ? "failed" : "";
  $("outcome-name").textContent = error ? error.name ?? error.code : "Value";
  if (!error) {
    chip("state", "good", "ended");
    $("value").textContent = shown;
    return;
  }
  chip("state", "bad", error.code);
  $("value").textContent = error.stack ?? error.message;
  const places = placesOf(error);
  editor.mark(places);
  if (places.length) {
    const { line, column } = places[0];
    const name = error.code === "EXECUTION_ERROR" ? `${error.name}: ` : "";
    const message = name + error.message.replace(/^line \d+, column \d+: /, "").replace(/ \(<enclave>, line \d+\)$/, "");
    $("complaint").textContent = `Line ${line}${column ? `, column ${column}` : ""}: ${message}`;
    $("complaint").hidden = false;
  }
}

// Where in the script an error is: what was found in checking it, or the innermost line of its traceback.
function placesOf({ data, stack }) {
  const found = data?.findings ?? (data?.line ? [data] : []);
  if (found.length) return found.map(({ line, column }) => ({ line, column }));
  const lines = [...(stack ?? "").matchAll(/File "<enclave>", line (\d+)/g)];
  return lines.length ? [{ line: Number(lines.at(-1)[1]), column: null }] : [];
}

function broken(message) {
  chip("state", "bad", message === "stopped" ? "stopped" : "no answer");
  $("outcome").hidden = false;
  $("outcome").className = "failed";
  $("outcome-name").textContent = "No outcome";
  $("value").textContent = message;
}

// Ask for the end, which then comes in the stream; before the run has a number, leave.
function stop() {
  if (!running) return;
  if (running.id) kill(running.id, running.preset);
  else running.leave();
}

async function kill(id, of) {
  try {
    await ask(`runs/${encodeURIComponent(id)}`, of, { method: "DELETE" });
  } catch { /* the stream tells that the service does not answer */ }
}

// --- the pool

let watching = new AbortController();

async function watch() {
  watching.abort();
  const mine = watching = new AbortController();
  const of = preset;
  for (let wait = 500; !mine.signal.aborted; wait = Math.min(wait * 2, 10_000)) {
    try {
      const response = await ask("live", of, { signal: mine.signal });
      if (!response.ok) throw new Error(`status ${response.status}`);
      for await (const now of objects(response)) {
        if (mine.signal.aborted) return;
        show(now, of);
        chip("link", "good", "live");
        wait = 500;
      }
    } catch { /* below */ }
    if (mine.signal.aborted) return;
    chip("link", "bad", "no connection");
    await new Promise((resolve) => setTimeout(resolve, wait));
  }
}

function show({ stats, workers, runs }, of) {
  $("workers").tBodies[0].replaceChildren(...workers.map(({ id, state, executions, memory }) => node("tr", {},
    node("td", {}, String(id)),
    node("td", {}, node("span", { className: "chip" }, state)),
    node("td", { className: "number" }, String(executions)),
    node("td", {}, node("div", { className: "memory" },
      node("progress", { max: of.memory, value: memory, ariaLabel: "memory in use" }), node("span", {}, megabytes(memory)))),
  )));
  for (const each of $("workers").querySelectorAll(".chip")) {
    each.dataset.kind = each.textContent === "active" ? "busy" : "idle";
  }
  showRuns(runs, of);
  const counts = {
    "waiting": stats.queue_depth,
    "executions": stats.total_executions,
    "failed": stats.failed_executions,
    "timeouts": stats.timeout_executions,
    "memory kills": stats.memory_kills,
    "crashes contained": stats.contained_crashes,
    "recycled": stats.worker_recycles,
  };
  $("counts").replaceChildren(...Object.entries(counts).map(([name, value]) =>
    node("div", {}, node("dt", {}, name), node("dd", {}, String(value)))));
}

// A run's row stays the same while it goes on, or a click on its button could come between two of them.
function showRuns(runs, of) {
  const body = $("runs").tBodies[0];
  const known = new Map([...body.rows].map((row) => [row.dataset.run, row]));
  for (const { id, tenant, seconds: time } of runs) {
    let row = known.get(id);
    known.delete(id);
    if (!row) {
      const button = node("button", { type: "button", className: "kill", onclick: () => kill(id, of) }, "Kill");
      button.ariaLabel = `Kill run ${id}`;
      row = node("tr", {}, node("td", {}, id.slice(0, 8)), node("td", {}, tenant), node("td", { className: "number" }),
        node("td", { className: "number" }, button));
      row.dataset.run = id;
      body.append(row);
    }
    row.cells[2].textContent = `${time.toFixed(1)} s`;
  }
  for (const row of known.values()) row.remove();
  if (!runs.length) body.append(node("tr", { className: "empty" }, node("td", { colSpan: 4 }, "nothing runs")));
}

// --- the page

function choose(chosen) {
  preset = chosen;
  remembered.set("preset", preset.name);
  $("seconds").placeholder = preset.timeout;
  $("seconds").max = preset.timeout;
  const turns = preset.max_iterations ? `${preset.max_iterations.toLocaleString("en")} loop turns, ` : "";
  $("limits").textContent = `${preset.name}: ${preset.timeout} s, ${turns}${preset.memory / 1048576} MB a worker, `
    + `up to ${preset.max_workers} workers`;
  watch();
}

function shade() {
  const dark = document.documentElement.dataset.theme
    ? document.documentElement.dataset.theme === "dark" : matchMedia("(prefers-color-scheme: dark)").matches;
  document.documentElement.dataset.theme = dark ? "light" : "dark";
  remembered.set("theme", document.documentElement.dataset.theme);
}

async function start() {
  const theme = remembered.get("theme");
  if (theme) document.documentElement.dataset.theme = theme;
  $("theme").addEventListener("click", shade);
  $("run").addEventListener("click", run);
  $("stop").addEventListener("click", stop);
  document.addEventListener("keydown", (event) => {
    if (event.key === "Enter" && (event.ctrlKey || event.metaKey)) {
      event.preventDefault();
      run();
    } else if (event.key === "Escape") stop();
  });
  $("examples").append(node("option", { value: "", selected: true }, "Examples"), ...Object.keys(EXAMPLES).map((name) => node("option", {}, name)));
  $("examples").addEventListener("change", (event) => {
    editor.text = EXAMPLES[event.target.value] ?? editor.text;
    event.target.value = ""; // so that it can be chosen again
    $("complaint").hidden = true;
    editor.code.focus();
  });
  editor.text = EXAMPLES.Hello;
  const presets = await (await fetch("presets", { cache: "no-store" })).json();
  const last = remembered.get("preset");
  const first = presets.find(({ name }) => name === last) ?? presets.find(({ name }) => name === "STANDARD");
  for (const each of presets) {
    const button = node("input", { type: "radio", name: "preset", value: each.name, checked: each === first });
    button.addEventListener("change", () => choose(each));
    $("presets").append(node("label", {}, button, node("span", {}, each.name)));
  }
  choose(first);
  editor.code.focus();
}

start();
