
"use strict";
(() => {
  const form = document.getElementById("sheet");
  const columns = JSON.parse(form.dataset.columns);
  const lines = [...form.querySelectorAll(".line")];
  const questions = lines.filter((line) => line.matches(".question"));
  const status = document.getElementById("status");
  let unsaved = false;

  function today() {
    const now = new Date();
    const two = (part) => String(part).padStart(2, "0");
    return `${now.getFullYear()}-${two(now.getMonth() + 1)}-${two(now.getDate())}`;
  }

  function value(line, column) {
    if (column === "question") {
      return line.dataset.id;
    }
    if (column === "title") {
      return line.dataset.title;
    }
    const fields = [...line.querySelectorAll("[data-column]")].filter((field) => field.dataset.column === column);
    const field = fields.find((one) => one.type !== "radio" || one.checked);
    if (!field) {
      return "";
    }
    return field.dataset.day ? today() : field.value;
  }

  // A spreadsheet takes what begins with these for a formula; toolvet takes the apostrophe off again.
  function cell(text) {
    const isNumber = /^-(\d+(\.\d+)?)?$/.test(text);
    const safe = !isNumber && /^[\s"']*[=+\-@\t\r\uff1d\uff0b\uff0d\uff20]/.test(text) ? `'${text}` : text;
    const kept = safe.replace(/[;\n](?:[^\S\n]|["'])*(?=[=+\-@\uff1d\uff0b\uff0d\uff20])/g, "$&'");
    return /[",\n\r]/.test(kept) ? `"${kept.replaceAll('"', '""')}"` : kept;
  }

  function fileText() {
    const rows = lines.map((line) => columns.map((column) => cell(value(line, column))).join(","));
    return [columns.join(","), ...rows].join("\n") + "\n";
  }

  function show() {
    const done = questions.filter((line) => value(line, "answer") !== "").length;
    document.getElementById("progress").textContent = `${done} of ${questions.length} questions answered.`;
  }

  function download(name, text) {
    const address = URL.createObjectURL(new Blob(["\ufeff", text], { type: "text/csv" }));
    const link = document.createElement("a");
    link.href = address;
    link.download = name;
    document.body.append(link);
    link.click();
    link.remove();
    setTimeout(() => URL.revokeObjectURL(address), 60000);
  }

  form.addEventListener("input", (event) => {
    const line = event.target.closest(".question");
    if (line) {
      line.querySelector('[data-column="answered"]').value = today();
    }
    unsaved = true;
    show();
  });
  form.addEventListener("submit", (event) => event.preventDefault());
  document.getElementById("save").addEventListener("click", () => {
    const name = `${document.title.replace(/[^A-Za-z0-9]+/g, "-").toLowerCase()}-${today()}.csv`;
    download(name, fileText());
    unsaved = false;
    status.textContent = `Saved as ${name}, where your browser puts downloads. If you change something, save again and send the last one only.`;
  });
  window.addEventListener("beforeunload", (event) => {
    if (unsaved) {
      event.preventDefault();
    }
  });
  show();
})();
