/**
 * Runs in the page: highlights what belongs to what is pointed at, and lists what is allowed
 * between two boxes and why. Makes no requests.
 */
export const script = `
const svg = document.querySelector("svg"), panel = document.getElementById("flow");
const { pairs, names } = JSON.parse(document.getElementById("data").textContent);
const rest = panel.innerHTML;
let chosen;
const text = (tag, words) => { const one = document.createElement(tag); one.textContent = words; return one; };
const all = (selector) => [...svg.querySelectorAll(selector)];
function light(isOn) {
  svg.classList.add("some");
  for (const one of all(".arrow, .box")) one.classList.toggle("on", isOn(one.dataset));
}
function clear() {
  chosen = undefined;
  svg.classList.remove("some");
  for (const one of all(".on")) one.classList.remove("on");
  panel.innerHTML = rest;
}
function say(found) {
  panel.replaceChildren(...found.flatMap(([from, to]) => {
    const rows = pairs[from + " " + to] ?? [];
    if (rows.length === 0) return [];
    const list = document.createElement("ul");
    for (const { ports, reached, because } of rows)
      list.append(text("li", (reached ? "" : "refused: ") + ports.join(", ") + " – " + because));
    return [text("p", names[from] + " → " + names[to]), list];
  }));
}
function point({ id, from, to }) {
  if (from !== undefined) {
    light((one) => (one.from === from && one.to === to) || one.id === from || one.id === to);
    say([[from, to]]);
  } else if (chosen !== undefined && chosen !== id) {
    const ends = [chosen, id];
    light((one) => ends.includes(one.id) || (ends.includes(one.from) && ends.includes(one.to)));
    say([ends, [id, chosen]]);
  } else {
    const linked = all(".arrow").map((one) => one.dataset).filter((one) => one.from === id || one.to === id);
    light((one) => one.id === id || linked.some((arrow) => arrow === one || arrow.from === one.id || arrow.to === one.id));
    panel.replaceChildren(text("p", names[id] + ": choose another box to see what passes between the two."));
  }
}
for (const one of all(".box, .arrow")) {
  one.addEventListener("pointerenter", () => point(one.dataset));
  one.addEventListener("focus", () => point(one.dataset));
  one.addEventListener("pointerleave", () => { if (chosen === undefined) clear(); });
  one.addEventListener("click", (event) => {
    event.stopPropagation();
    point(one.dataset);
    chosen = one.dataset.id ?? chosen;
  });
  one.addEventListener("keydown", ({ key }) => { if (key === "Enter" || key === " ") chosen = one.dataset.id; });
}
document.addEventListener("click", clear);
document.addEventListener("keydown", ({ key }) => { if (key === "Escape") clear(); });
`;
