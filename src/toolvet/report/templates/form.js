
"use strict";
(() => {
  const form = document.getElementById("survey");
  const group = document.getElementById("group");
  const keep = document.getElementById("keep");
  const save = document.getElementById("save");
  const status = document.getElementById("status");
  const questions = [...form.querySelectorAll(".question")];
  const sides = ["expected", "delivered"];
  const words = JSON.parse(form.dataset.words);
  let number = randomNumber();
  let unsaved = false;
  let wasReminded = false;

  function randomNumber() {
    const words = crypto.getRandomValues(new Uint32Array(2));
    return String((BigInt(words[0]) << 32n | BigInt(words[1])) % 1000000000000n).padStart(12, "0");
  }

  function said(name, values) {
    return words[name].replace(/\{(\w+)\}/g, (_, key) => values[key]);
  }

  function today() {
    const now = new Date();
    const two = (part) => String(part).padStart(2, "0");
    return `${now.getFullYear()}-${two(now.getMonth() + 1)}-${two(now.getDate())}`;
  }

  function level(question, side) {
    return question.querySelector(`input[name="${question.dataset.id}.${side}"]:checked`).value;
  }

  function isAsked(question) {
    const groups = JSON.parse(question.dataset.askedOf);
    return groups.length === 0 || groups.includes(group.value);
  }

  function asked() {
    return questions.filter(isAsked);
  }

  function answered() {
    return asked().filter((question) => sides.some((side) => level(question, side) !== ""));
  }

  function halfAnswered() {
    return answered().filter((question) => sides.some((side) => level(question, side) === ""));
  }

  function groupInToml() {
    const chosen = group.selectedOptions ? group.selectedOptions[0] : group;
    return chosen.dataset.toml;
  }

  function fileText() {
    const lines = [form.dataset.comment + number, "format = 1", `started = ${today()}`, "", form.dataset.head.trimEnd()];
    if (groupInToml()) {
      lines.push("", "[reviewer]", `group = ${groupInToml()}`);
    }
    for (const question of answered()) {
      lines.push("", `[answers.${question.dataset.id}]`);
      for (const side of sides) {
        if (level(question, side) !== "") {
          lines.push(`${side} = ${level(question, side)}`);
        }
      }
    }
    return lines.join("\n") + "\n";
  }

  function show() {
    for (const question of questions) {
      question.hidden = !isAsked(question);
    }
    for (const section of form.querySelectorAll("section")) {
      section.hidden = !section.querySelector(".question:not([hidden])");
    }
    const half = halfAnswered().length;
    const done = answered().length - half;
    const rest = half === 0 ? "" : ` ${said("half", { half })}`;
    document.getElementById("progress").textContent = said("progress", { done, total: asked().length }) + rest;
    document.getElementById("content").textContent = fileText();
  }

  function stored(act) {
    try {
      return act(window.localStorage);
    } catch {
      keep.checked = false;
      status.textContent = words.no_drafts;
      return null;
    }
  }

  function keepDraft() {
    const picked = {};
    for (const input of form.querySelectorAll("input[type=radio]:checked")) {
      if (input.value !== "") {
        picked[input.name] = input.value;
      }
    }
    const draft = JSON.stringify({ number, group: group.value, picked });
    stored((storage) => storage.setItem(form.dataset.draft, draft));
  }

  function dropDraft() {
    stored((storage) => storage.removeItem(form.dataset.draft));
  }

  function restore() {
    let text = null;
    try {
      text = window.localStorage.getItem(form.dataset.draft);
    } catch {
      return;
    }
    if (text === null) {
      return;
    }
    let draft;
    try {
      draft = JSON.parse(text);
    } catch {
      return;
    }
    if (!/^[0-9]{12}$/.test(draft?.number) || typeof draft.picked !== "object" || draft.picked === null) {
      return;
    }
    number = draft.number;
    if (group.selectedOptions && [...group.options].some((option) => option.value === draft.group)) {
      group.value = draft.group;
    }
    for (const input of form.querySelectorAll("input[type=radio]")) {
      input.checked = input.value === (draft.picked[input.name] ?? "");
    }
    keep.checked = true;
    unsaved = true;
    status.textContent = words.restored;
  }

  function download(name, text) {
    const address = URL.createObjectURL(new Blob([text], { type: "application/toml" }));
    const link = document.createElement("a");
    link.href = address;
    link.download = name;
    document.body.append(link);
    link.click();
    link.remove();
    setTimeout(() => URL.revokeObjectURL(address), 60000);
  }

  function saveAnswers() {
    show();
    if (answered().length === 0) {
      status.textContent = words.nothing;
      return;
    }
    const half = halfAnswered();
    if (half.length > 0 && !wasReminded) {
      wasReminded = true;
      const titles = half.map((question) => question.querySelector("legend").textContent).join(", ");
      status.textContent = said("other_side", { titles });
      half[0].scrollIntoView();
      half[0].querySelector(sides.map((side) => `input[name="${half[0].dataset.id}.${side}"][value=""]:checked`).join(", ")).focus();
      return;
    }
    const name = `${today()}-${number}.toml`;
    download(name, fileText());
    unsaved = false;
    const drafted = keep.checked;
    if (drafted) {
      keep.checked = false;
      dropDraft();
    }
    const draftWords = drafted ? ` ${words.dropped}` : "";
    status.textContent = said("saved", { name, done: answered().length - half.length, total: asked().length }) + draftWords;
  }

  form.addEventListener("change", (event) => {
    if (event.target === keep) {
      status.textContent = "";
      if (keep.checked) {
        keepDraft();
      } else {
        dropDraft();
      }
      return;
    }
    unsaved = true;
    wasReminded = false;
    show();
    status.textContent = event.target === group ? said("asked", { total: asked().length }) : "";
    if (keep.checked) {
      keepDraft();
    }
  });
  form.addEventListener("submit", (event) => event.preventDefault());
  save.addEventListener("click", saveAnswers);
  window.addEventListener("beforeunload", (event) => {
    if (unsaved && !keep.checked) {
      event.preventDefault();
    }
  });
  restore();
  show();
})();
