// The page's language: which one it speaks, where its words are, and how the page comes to speak another.

import { h, text } from "./build.mjs";
import { Words } from "./words.mjs";

const COOKIE = "watchfloor-lang";
const YEAR_S = 31_536_000;
/** Where the code of a language would be taken for a country's. */
const SHORT = { uk: "УКР" };
/** What is worded of an element: data-word its text, data-label its name for screen readers, and so on. */
const ATTRIBUTES = { label: "aria-label", hint: "title", placeholder: "placeholder" };

async function load({ words, atlas }) {
  const [catalogue, theatre] = await Promise.all([words, atlas].map((url) => fetch(url).then((response) => response.json())));
  return { catalogue, atlas: theatre };
}

/** Say anew whatever of the page, or of a part of it, names its own words. */
export function reword(words, root = document) {
  for (const element of root.querySelectorAll("[data-word]")) text(element, words.say(element.dataset.word));
  for (const [name, attribute] of Object.entries(ATTRIBUTES)) {
    for (const element of root.querySelectorAll(`[data-${name}]`)) element.setAttribute(attribute, words.say(element.dataset[name]));
  }
}

/** Give an element words that follow the language. as: "word" for its text, or one of label, hint, placeholder. */
export function worded(words, element, key, as = "word") {
  element.dataset[as] = key;
  if (as === "word") text(element, words.say(key));
  else element.setAttribute(ATTRIBUTES[as], words.say(key));
  return element;
}

/** The language of a page, and the way to another. `words` stays the same object and speaks whichever it is. */
export class Language {
  #wanted = 0;

  constructor(config, words) {
    this.all = config.languages;
    this.words = words;
    words.onChange(() => this.#spoken());
    this.#spoken();
  }

  /** The page's words in the language that it came in, and its Language. */
  static async of(config) {
    const { catalogue, atlas } = await load(config.languages[config.lang]);
    const words = new Words(catalogue, atlas);
    return { words, language: new Language(config, words) };
  }

  get names() {
    return Object.keys(this.all);
  }

  /** Speak a language from now on, here and on every page that this browser opens later. False where it cannot be had. */
  async choose(lang) {
    if (!Object.hasOwn(this.all, lang)) return false;
    this.#wanted += 1;
    const mine = this.#wanted;
    let found;
    try {
      found = await load(this.all[lang]);
    } catch {
      return false;
    }
    // Whoever chose again meanwhile wants that one.
    if (mine !== this.#wanted) return false;
    this.#keep(lang);
    this.words.replace(found.catalogue, found.atlas);
    return true;
  }

  /** The next of the languages: for screens that have keys and no menu. */
  next() {
    return this.choose(this.names[(this.names.indexOf(this.words.lang) + 1) % this.names.length]);
  }

  /** A small menu of the languages, each by its own name; shut, it shows the language in short. */
  menu() {
    const menu = Object.assign(h("select"), { id: "language-menu" });
    menu.append(...Object.entries(this.all).map(([lang, { name }]) => Object.assign(h("option", "", name), { value: lang, lang })));
    worded(this.words, menu, "language.title", "label");
    const short = h("span");
    short.setAttribute("aria-hidden", "true");
    const show = () => {
      menu.value = this.words.lang;
      text(short, SHORT[this.words.lang] ?? this.words.lang.toUpperCase());
    };
    show();
    menu.addEventListener("change", () => this.choose(menu.value).then(show));
    this.words.onChange(show);
    return h("span", "language", short, menu);
  }

  #keep(lang) {
    const secure = location.protocol === "https:" ? "; secure" : "";
    document.cookie = `${COOKIE}=${lang}; path=/; max-age=${YEAR_S}; samesite=lax${secure}`;
    const address = new URL(location.href);
    if (!address.searchParams.has("lang")) return;
    address.searchParams.set("lang", lang);
    history.replaceState(history.state, "", address);
  }

  #spoken() {
    document.documentElement.lang = this.words.lang;
    reword(this.words);
  }
}
