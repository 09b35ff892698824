// The table of reports: what was pressed or typed in it becomes an event of the component.
// `element`, `trigger`, `upload` and `watch` are Gradio's.
let opener = "";

element.addEventListener("click", (event) => {
  const button = event.target.closest("button");
  if (!button) return;
  const { sort, page, panel, id, sure } = button.dataset;
  if (panel === "fetch") {
    trigger("download", { id });
  } else if (panel) {
    opener = `[data-panel="${panel}"][data-id="${id}"]`;
    trigger("select", { asked: "panel", id, value: panel });
  } else if (sort) {
    opener = `[data-sort="${sort}"]`;
    trigger("select", { asked: "sort", id: "", value: sort });
  } else if (page) {
    opener = `[data-way="${button.dataset.way}"]`;
    element.scrollIntoView({ block: "start" });
    trigger("select", { asked: "page", id: "", value: page });
  } else if (sure) {
    button.disabled = true;
    trigger("delete", { id: sure });
  } else if ("close" in button.dataset) {
    trigger("select", { asked: "panel", id: "", value: "" });
  }
});

element.addEventListener("keydown", (event) => {
  if (event.key !== "Escape" || !event.target.closest("tr.panel")) return;
  trigger("select", { asked: "panel", id: "", value: "" });
});

element.addEventListener("change", (event) => {
  if (!event.target.matches("input[type=file]")) return;
  const [file] = event.target.files;
  event.target.closest("label").querySelector(".chosen").textContent = file?.name ?? "尚未选择";
});

element.addEventListener("submit", async (event) => {
  event.preventDefault();
  const form = event.target;
  const given = new FormData(form);
  const { id } = form.dataset;
  if (form.matches(".correct")) {
    trigger("apply", { id, org: given.get("org"), year: given.get("year") });
    return;
  }
  const problem = form.querySelector(".problem");
  const button = form.querySelector("[type=submit]");
  const file = given.get("file");
  problem.hidden = Boolean(file && file.name);
  if (!problem.hidden) {
    problem.textContent = "请先选择新文件。";
    return;
  }
  button.disabled = true;
  button.textContent = "正在上传…";
  try {
    const { path } = await upload(file);
    trigger("upload", { id, path, sure: given.get("sure") === "on" });
  } catch {
    problem.hidden = false;
    problem.textContent = "文件没有传上来：可能过大，或服务已停止。请稍后再试。";
    button.disabled = false;
    button.textContent = "上传并替换";
  }
});

// Drawn anew: the keyboard goes to what has opened, or back to what was pressed.
watch("value", () => {
  const there = element.querySelector("[data-focus]");
  const back = opener && document.activeElement === document.body;
  if (there && !there.contains(document.activeElement)) there.focus();
  else if (!there && back) element.querySelector(opener)?.focus({ preventScroll: true });
});
