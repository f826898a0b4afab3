// Leads to the site in the reader's language: the first of the browser's that it speaks.
(() => {
  const spoken = (navigator.languages || [navigator.language]).map((tag) => String(tag).slice(0, 2).toLowerCase());
  const lang = spoken.find((code) => code === "zh" || code === "en") || "en";
  location.replace(lang + "/index.html" + location.hash);
})();
