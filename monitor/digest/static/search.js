// Search without a server: each month's told stories lie in a script that calls diembao.add.
"use strict";
(() => {
  const form = document.querySelector("form.search");
  const box = form.elements.q, place = form.elements.tinh;
  const list = document.getElementById("ket-qua"), said = document.getElementById("trang-thai");
  const more = document.getElementById("them");
  document.getElementById("khong-js").remove();
  const STEP = 50;
  const stories = [];
  let waiting = [], shown = STEP, pause = 0;

  // letters without marks, as vietnamese.fold in the program
  const fold = (text) => text.normalize("NFD").replace(/[\u0300-\u036f]/g, "").toLowerCase().replace(/đ/g, "d");
  const words = (text) => fold(text).match(/[\p{L}\p{N}]+/gu) || [];

  window.diembao = {
    add(month, rows) {
      for (const [day, id, title, line, places, papers] of rows) {
        stories.push({
          day: `${month}-${day}`, id, title, line, places, papers,
          head: ` ${words(title).join(" ")} `, all: ` ${words(`${title} ${line} ${papers} ${places.join(" ")}`).join(" ")} `,
        });
      }
      stories.sort((one, other) => (one.day < other.day ? 1 : one.day > other.day ? -1 : 0));
    },
  };

  const matches = (terms) => {
    const found = [];
    const phrase = ` ${terms.join(" ")}`;
    for (const story of stories) {
      if (place.value && !(place.value === "ca-nuoc" ? story.places.length === 0 : story.places.includes(place.value))) continue;
      if (!terms.every((term) => story.all.includes(` ${term}`))) continue;
      const rank = terms.length === 0 ? 0 : story.head.includes(phrase) ? 3 : story.all.includes(phrase) ? 2 : terms.every((term) => story.head.includes(` ${term}`)) ? 1 : 0;
      found.push([rank, story]);
    }
    return found.sort((one, other) => other[0] - one[0]).map(([, story]) => story);
  };

  // text with the words that were asked for marked, built from text nodes only
  const marked = (text, terms) => {
    const part = document.createDocumentFragment();
    let from = 0;
    for (const word of text.matchAll(/[\p{L}\p{N}]+/gu)) {
      if (!terms.some((term) => fold(word[0]).startsWith(term))) continue;
      part.append(text.slice(from, word.index));
      const mark = document.createElement("mark");
      mark.textContent = word[0];
      part.append(mark);
      from = word.index + word[0].length;
    }
    part.append(text.slice(from));
    return part;
  };

  const item = (story, terms) => {
    const li = document.createElement("li");
    const link = document.createElement("a");
    const [year, month, day] = story.day.split("-");
    link.href = `${year}/${month}/${story.day}.html#tin-${story.id}`;
    link.className = "title";
    link.append(marked(story.title, terms));
    const line = document.createElement("p");
    line.append(marked(story.line, terms));
    const who = document.createElement("p");
    who.className = "paper";
    who.textContent = `${day}/${month}/${year} · ${story.papers}`;
    li.append(link, line, who);
    return li;
  };

  const none = (terms) =>
    `Không tìm thấy tin nào.${terms.length > 1 || place.value ? " Hãy thử ít từ hơn hoặc chọn tất cả địa phương." : ""}`;

  const show = () => {
    const terms = words(box.value);
    const asked = terms.length > 0 || place.value !== "";
    const found = asked ? matches(terms) : [];
    list.replaceChildren(...found.slice(0, shown).map((story) => item(story, terms)));
    more.hidden = found.length <= shown;
    const loading = waiting.length ? `Đang tải thêm các tháng trước (còn ${waiting.length})…` : "";
    const count = found.length ? `${found.length.toLocaleString("vi-VN")} tin.` : asked && !loading ? none(terms) : "";
    said.textContent = `${count} ${loading}`.trim();
  };

  const next = () => {
    const month = waiting[0];
    if (!month) return;
    const script = document.createElement("script");
    script.src = `search/${month}.js`;
    script.onload = script.onerror = () => { waiting = waiting.slice(1); show(); next(); };
    document.head.append(script);
  };

  box.addEventListener("input", () => { clearTimeout(pause); pause = setTimeout(() => { shown = STEP; show(); }, 60); });
  place.addEventListener("change", () => { shown = STEP; show(); });
  more.addEventListener("click", () => { shown += STEP; show(); });
  const asked = new URLSearchParams(location.search);
  box.value = asked.get("q") || "";
  place.value = asked.get("tinh") || "";
  if (place.selectedIndex < 0) place.value = "";
  waiting = form.dataset.months.split(" ").filter(Boolean);
  show();
  next();
})();
