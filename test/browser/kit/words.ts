import { readdirSync } from 'node:fs';
import { join } from 'node:path';
import { assembleCatalogue, assembleText } from '../../../scripts/assemble.mjs';

const LOCALES = join(__dirname, '..', '..', '..', 'nodes', 'locales');

/** The languages that the package speaks. */
export const LANGUAGES: readonly string[] = readdirSync(LOCALES);

/** A group of labels, or a label. */
interface Labels {
  [key: string]: Labels | string;
}

/** How a text of a node's catalogue reads, with `values` in it; a whole group's texts stand in a list. */
export class Words {
  readonly #type: string;
  readonly #folder: string;
  readonly #labels: Labels;

  constructor(type: string, language = 'en-US') {
    this.#type = type;
    this.#folder = join(LOCALES, language);
    this.#labels = assembleCatalogue(join(this.#folder, `${type}.json`)) as Labels;
  }

  text(key: string, values: Record<string, string | number> = {}): string {
    const found = this.#at(key);
    if (typeof found !== 'string') throw new Error(`${this.#type}.${key} is no text`);
    return found.replace(/__(\w+)__/g, (whole, name) => String(values[name] ?? whole));
  }

  group(key: string): Record<string, string> {
    return this.#at(key) as Record<string, string>;
  }

  /** How the help begins. */
  help(): string {
    return /<p>[^<]+<\/p>/.exec(assembleText(join(this.#folder, `${this.#type}.html`)))?.[0] ?? '';
  }

  #at(key: string): Labels | string | undefined {
    return [this.#type, ...key.split('.')].reduce<Labels | string | undefined>(
      (labels, part) => (typeof labels === 'object' ? labels[part] : undefined),
      this.#labels,
    );
  }
}
