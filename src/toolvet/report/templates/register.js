"use strict";
// Filters what is on the page already; nothing is loaded and nothing is sent.
const form = document.getElementById("search");
const text = document.getElementById("text");
const group = document.getElementById("group");
const found = document.getElementById("found");

function filter() {
  const words = text.value.toLowerCase().split(/\s+/).filter(Boolean);
  let shown = 0;
  for (const section of document.querySelectorAll("section[data-group]")) {
    let here = 0;
    for (const tool of section.querySelectorAll(".tool")) {
      const said = tool.textContent.toLowerCase();
      const fits = (!group.value || group.value === section.dataset.group) && words.every((word) => said.includes(word));
      tool.hidden = !fits;
      here += fits ? 1 : 0;
    }
    section.hidden = here === 0;
    shown += here;
  }
  found.textContent = shown === 1 ? "1 tool" : shown + " tools";
}

form.hidden = false;
form.addEventListener("submit", (event) => event.preventDefault());
text.addEventListener("input", filter);
group.addEventListener("change", filter);
